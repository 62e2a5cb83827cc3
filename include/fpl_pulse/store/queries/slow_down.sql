-- Pause all tasks for a second. If the API has refused a call shortly before, also halve the present rate. A refusal counts
-- once in two seconds, because calls that are in flight together are refused together. A refusal in the future is from
-- before the clock was set back. Returns the halved rate, or null.
update pulse.api_pace as pace
set next_slot_at = greatest(pace.next_slot_at, clock_timestamp() + interval '1 second'),
    refused_at = statement_timestamp(),
    slowed_to = case
        when pace.refused_at > statement_timestamp() - %(repeated_within_s)s * interval '1 second'
        then greatest(pulse.current_rate(pace, %(rate)s, greatest(statement_timestamp(), pace.slowed_at)) / 2, %(min_rate)s)
        else pace.slowed_to end,
    slowed_at = case
        when pace.refused_at > statement_timestamp() - %(repeated_within_s)s * interval '1 second'
        then statement_timestamp()
        else pace.slowed_at end
where pace.api = %(api)s
  and (pace.refused_at is null or pace.refused_at < statement_timestamp() - interval '2 seconds'
       or pace.refused_at > statement_timestamp() + interval '2 seconds')
returning case when slowed_at = refused_at then slowed_to end
