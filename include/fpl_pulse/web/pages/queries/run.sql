-- A run of a pipeline.
select dag_id, run_id, as_of, state, started_at, finished_at, is_full, run_type, rows_inserted, rows_updated,
       calls_forecast, calls_skipped, message
from pulse.pipeline_runs
where dag_id = %(dag_id)s and run_id = %(run_id)s
