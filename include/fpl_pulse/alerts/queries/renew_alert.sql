-- Give an open alert of the last four weeks about the same subject a new message.
update pulse.alerts set message = %(message)s
where kind = %(kind)s and subject = %(subject)s and closed_at is null
  and as_of > %(as_of)s - interval '28 days' and as_of <= %(as_of)s
