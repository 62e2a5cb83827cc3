insert into pulse.alerts (kind, subject, as_of, message, dag_id, run_id)
select %(kind)s, %(subject)s, %(as_of)s, %(message)s, %(dag_id)s, %(run_id)s
where not %(once)s or not exists (
    select from pulse.alerts
    where kind = %(kind)s and subject = %(subject)s and message = %(message)s and closed_at is null
      and as_of > %(as_of)s - interval '28 days')
on conflict (kind, subject, as_of) do nothing
