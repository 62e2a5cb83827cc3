-- The weeks that have runs, the newest first, each by its Monday in London.
select pulse.week_monday(as_of)::date as monday, count(*)::int as runs,
  count(*) filter (where state = 'success')::int as succeeded
from pulse.pipeline_runs
where dag_id = any(%(dag_ids)s)
group by monday
order by monday desc
limit %(limit)s
