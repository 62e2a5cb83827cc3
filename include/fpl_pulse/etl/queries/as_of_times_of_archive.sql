-- The as-of times of fetched responses and of runs, oldest first, with the pipelines that ran.
select as_of, array_agg(distinct dag_id) filter (where dag_id is not null) as pipelines
from (
    select as_of, null as dag_id from pulse.raw_responses
    union all
    select as_of, dag_id from pulse.pipeline_runs
) as times
group by as_of
order by as_of
