-- A run in one line, for its note. The reason of a failure comes first.
with figures as (
    select runs.dag_id, runs.run_id, runs.state,
           format('%%s row%%s new, %%s changed; %%s call%%s to SofaSport, %%s to FPL',
                  runs.rows_inserted, case when runs.rows_inserted = 1 then '' else 's' end, runs.rows_updated,
                  count(*) filter (where calls.api = 'sofasport'),
                  case count(*) filter (where calls.api = 'sofasport') when 1 then '' else 's' end,
                  count(*) filter (where calls.api = 'fpl')) as figures,
           concat((select format('ran %%s once more, which had failed; ', coalesce(title, upstream_dag_id))
                   from pulse.reruns
                   left join pulse.week_slots as slots on slots.dag_id = reruns.upstream_dag_id
                   where reruns.dag_id = runs.dag_id and reruns.run_id = runs.run_id),
                  (select format('run once more for %%s; ',
                                 string_agg(coalesce(title, reruns.dag_id), ', ' order by requested_at))
                   from pulse.reruns
                   left join pulse.week_slots as slots on slots.dag_id = reruns.dag_id
                   where reruns.upstream_dag_id = runs.dag_id and reruns.upstream_run_id = runs.run_id
                   having count(*) > 0)) as reruns,
           coalesce(runs.message, 'the check has not run') as message
    from pulse.pipeline_runs as runs
    left join pulse.api_calls as calls using (dag_id, run_id)
    where runs.dag_id = %(dag_id)s and runs.run_id = %(run_id)s
    group by runs.dag_id, runs.run_id
)
select case when state = 'failed' then format('FAILED: %%s%%s. %%s', reruns, rtrim(message, '. '), figures)
            else format('%%s: %%s; %%s%%s', upper(state), figures, reruns, message) end
from figures
