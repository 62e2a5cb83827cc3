-- Calls to SofaSport that a run has made since it was started or cleared.
select count(*)
from pulse.pipeline_runs as runs
join pulse.api_calls as calls using (dag_id, run_id)
where runs.dag_id = %(dag_id)s and runs.run_id = %(run_id)s
  and calls.api = 'sofasport' and calls.called_at >= runs.started_at
