-- A rebuild raises and closes no alert: the state of each alert stays as it was.
with restored as (
    update pulse.alerts as alerts set closed_at = before.closed_at
    from alerts_before as before
    where alerts.alert_id = before.alert_id
)
delete from pulse.alerts where alert_id not in (select alert_id from alerts_before)
