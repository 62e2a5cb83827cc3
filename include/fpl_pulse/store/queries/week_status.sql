select dag_id, title, slot_at, deadline_at, state, is_all_right, has_missed_deadline, run_id, run_type, as_of,
       started_at, finished_at, calls, calls_skipped, rows_inserted, rows_updated, have, want, lacking, message,
       open_alerts, case when state = 'running' and not tasks.is_busy then tasks.last_finished_at end as idle_since
from pulse.week_status
cross join lateral (
    -- A task whose process was killed has no end, and counts as running.
    select max(finished_at) as last_finished_at, bool_or(finished_at is null) as is_busy
    from pulse.task_attempts as attempts
    where attempts.dag_id = week_status.dag_id and attempts.run_id = week_status.run_id
) as tasks
