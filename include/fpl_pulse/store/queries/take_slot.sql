-- Take the next free slot of an API; return it, and how many seconds from now it is. At a rate of 5, a slot is free when
-- the fifth newest slot is more than a second old. Slots are given in the order of time, so later ones need no check.
-- `missed` is a slot of the same task that was not used. Tasks queue for seconds: slots that are minutes ahead were given
-- before the clock was set back, and do not count.
with relaxed as materialized (
    -- A slot that is lost in a crash of the database is old when the database is back.
    select set_config('synchronous_commit', 'off', true)
)
insert into pulse.api_pace as pace (api, next_slot_at, slots)
select %(api)s, now.at + %(shortest)s / %(rate)s * interval '1 second', array[now.at]
from relaxed cross join (select clock_timestamp() as at) as now
on conflict (api) do update set (next_slot_at, slots) = (
    select slot.at + %(shortest)s / present.rate * interval '1 second',
           (slot.at || present.slots)[:ceil(%(rate)s)::int]
    from (
        select pulse.current_rate(pace, %(rate)s, greatest(statement_timestamp(), pace.slowed_at)) as rate,
               case when pace.next_slot_at > clock_timestamp() + %(furthest)s::interval then '{}'
                else array_remove(pace.slots, %(missed)s::timestamptz) end as slots
    ) as present
    cross join lateral (
        select greatest(
            clock_timestamp(),
            case when pace.next_slot_at <= clock_timestamp() + %(furthest)s::interval then pace.next_slot_at end,
            present.slots[ceil(present.rate)::int]
                + (ceil(present.rate) / present.rate + %(spare_s)s) * interval '1 second') as at
    ) as slot
)
returning slots[1] as slot, extract(epoch from slots[1] - clock_timestamp())::double precision as wait_s
