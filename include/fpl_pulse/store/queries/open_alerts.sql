-- The open alerts, the newest first, and how many there are.
select alert_id, kind, subject, dag_id, raised_at, message, count(*) over ()::int as total
from pulse.alerts
where closed_at is null
order by alert_id desc
limit %(most)s::int
