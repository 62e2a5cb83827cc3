select dag_id, title, slot_at, deadline_at, state, is_all_right, has_missed_deadline, run_id, run_type, as_of,
       started_at, finished_at, calls, calls_skipped, rows_inserted, rows_updated, have, want, lacking, message,
       open_alerts
from pulse.week_status
