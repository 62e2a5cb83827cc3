-- Take the next free slot of an API; returns how many seconds from now it is. After a slow-down the rate grows by a tenth
-- every five seconds.
insert into pulse.api_pace as pace (api, next_slot_at)
values (%(api)s, clock_timestamp() + %(spacing)s / %(rate)s * interval '1 second')
on conflict (api) do update set
    next_slot_at = greatest(pace.next_slot_at, clock_timestamp())
        + %(spacing)s / pulse.current_rate(pace, %(rate)s, statement_timestamp()) * interval '1 second'
returning extract(epoch from next_slot_at - clock_timestamp())
    - %(spacing)s / pulse.current_rate(pace, %(rate)s, statement_timestamp())
