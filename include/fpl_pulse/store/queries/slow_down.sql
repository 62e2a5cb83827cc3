-- Halve the present rate of an API and pause all tasks for a second. At most once in two seconds, because calls that are
-- in flight together are refused together.
update pulse.api_pace as pace
set slowed_to = greatest(pulse.current_rate(pace, %(rate)s, statement_timestamp()) / 2, %(min_rate)s),
    slowed_at = statement_timestamp(),
    next_slot_at = greatest(pace.next_slot_at, clock_timestamp() + interval '1 second')
where pace.api = %(api)s
  and (pace.slowed_at is null or pace.slowed_at < statement_timestamp() - interval '2 seconds')
returning slowed_to
