-- Close open alerts, by their numbers or of one run.
update pulse.alerts
set closed_at = now(), closed_by = %(closed_by)s, closed_because = %(because)s
where closed_at is null
  and (alert_id = any (%(alert_ids)s)
       or (kind = any (%(kinds)s) and dag_id = %(dag_id)s and run_id = %(run_id)s))
returning alert_id
