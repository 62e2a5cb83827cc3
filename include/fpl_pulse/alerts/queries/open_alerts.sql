select alert_id, kind, subject, as_of, message, dag_id, run_id, raised_at
from pulse.alerts
where closed_at is null
order by alert_id
