-- A run in one line, for its note.
select format('%%s: %%s rows new, %%s changed; %%s calls to SofaSport, %%s to FPL; %%s',
              upper(runs.state), runs.rows_inserted, runs.rows_updated,
              count(*) filter (where calls.api = 'sofasport'), count(*) filter (where calls.api = 'fpl'),
              coalesce(runs.message, 'the check has not run'))
from pulse.pipeline_runs as runs
left join pulse.api_calls as calls using (dag_id, run_id)
where runs.dag_id = %(dag_id)s and runs.run_id = %(run_id)s
group by runs.dag_id, runs.run_id
