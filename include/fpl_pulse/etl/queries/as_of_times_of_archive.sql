-- The as-of times of fetched responses and of runs, oldest first, with the pipelines that ran, and with the first deadline
-- of bootstrap-static where it was fetched. The deadline is cut from the text, which is the canonical one of the archive:
-- Postgres would take a second to parse twenty of these responses. Without a deadline, a text that no other response has.
with opened as (
    select times.as_of,
           coalesce(substring(responses.text from nullif(strpos(responses.text, key), 0) + length(key) for 20),
                    times.response_id::text) as first_deadline
    from archive_by_time as times
    join pulse.raw_resources as resources using (resource_id)
    cross join lateral (
        select body::text as text from pulse.raw_responses
        where raw_responses.response_id = times.response_id
        offset 0) as responses
    cross join (values ('"deadline_time":"')) as keys (key)
    where resources.endpoint = 'fpl/bootstrap-static'
)
select as_of, coalesce(array_agg(distinct dag_id) filter (where dag_id is not null), '{}') as pipelines,
       min(opened.first_deadline) as first_deadline
from (
    select as_of, null as dag_id from archive_by_time
    union all
    select as_of, dag_id from pulse.pipeline_runs
) as times
left join opened using (as_of)
group by as_of
order by as_of
