alter table pulse.api_pace add column slowed_to double precision, add column slowed_at timestamptz;

create function pulse.current_rate(pace pulse.api_pace, wanted double precision, moment timestamptz)
returns double precision
language sql immutable as $$
    -- The reduced rate grows by a tenth every five seconds, so it doubles in 37 s. After ten minutes it no longer applies.
    select case
        when pace.slowed_to is null or moment > pace.slowed_at + interval '10 minutes' then wanted
        else least(wanted, pace.slowed_to * power(1.1, floor(extract(epoch from moment - pace.slowed_at) / 5)))
    end
$$;
