-- The run of a pipeline that started last; optionally only that run, only full runs, or only those of one week.
select dag_id, run_id, as_of, state, started_at, finished_at, message
from pulse.pipeline_runs
where dag_id = %(dag_id)s
  and (%(run_id)s::text is null or run_id = %(run_id)s)
  and (is_full or %(run_id)s::text is not null)
  and (%(week_from)s::timestamptz is null
       or (as_of >= %(week_from)s and as_of < %(week_from)s::timestamptz + interval '7 days'))
order by started_at desc
limit 1
