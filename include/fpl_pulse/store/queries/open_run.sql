-- Open a run. After a clear it is opened again and its figures start from zero.
insert into pulse.pipeline_runs (dag_id, run_id, as_of, state, started_at, is_full, run_type)
values (%(dag_id)s, %(run_id)s, %(as_of)s, 'running', now(), %(is_full)s, %(run_type)s)
on conflict (dag_id, run_id) do update set
    is_full = excluded.is_full, run_type = excluded.run_type, as_of = excluded.as_of,
    state = 'running', started_at = now(), finished_at = null, message = null,
    rows_inserted = 0, rows_updated = 0, coverage = '{}', calls_forecast = null, calls_skipped = 0
