-- Each run's calls to SofaSport, and the seconds from the start of the first to the end of the last.
select dag_id, count(*)::int as calls,
       extract(epoch from max(called_at + seconds * interval '1 second') - min(called_at))::float as span_s
from pulse.api_calls
where api = 'sofasport' and run_id = any(%(run_ids)s)
group by dag_id
