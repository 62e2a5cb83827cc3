update pulse.alerts set claimed_at = now(), deliveries = deliveries + 1
where alert_id in (
    select alert_id from pulse.alerts
    where notified_at is null and closed_at is null and raised_at > now() - interval '8 days'
      and deliveries < %(max_deliveries)s and (claimed_at is null or claimed_at < now() - interval '10 minutes')
    for update skip locked)
returning alert_id, kind, subject, as_of, message, dag_id, run_id
