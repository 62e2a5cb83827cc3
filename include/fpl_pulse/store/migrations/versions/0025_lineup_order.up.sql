-- The order of SofaSport's lists. With the formation it says where each starter stands.

alter table pulse.sofasport_lineup_players add column lineup_order smallint;

-- A changed order is no correction of a figure.
create or replace function pulse.differences(old_row jsonb, new_row jsonb) returns jsonb
language sql immutable as $$
    -- Columns one by one; of the statistics object its keys one by one; of other objects and lists only that they differ.
    with pairs as (
        select name, olds.value as old_value, news.value as new_value
        from jsonb_each(old_row - '{observed_at,updated_at,lineup_order,statistics}'::text[]) as olds (name, value)
        full join jsonb_each(new_row - '{observed_at,updated_at,lineup_order,statistics}'::text[]) as news (name, value)
            using (name)
        where olds.value is distinct from news.value
        union all
        select 'statistics.' || name, olds.value, news.value
        from jsonb_each(coalesce(old_row -> 'statistics', '{}')) as olds (name, value)
        full join jsonb_each(coalesce(new_row -> 'statistics', '{}')) as news (name, value) using (name)
        where olds.value is distinct from news.value
    )
    select coalesce(jsonb_object_agg(name, case
        when jsonb_typeof(old_value) in ('object', 'array') or jsonb_typeof(new_value) in ('object', 'array')
            then jsonb_build_array(null, null)
        else jsonb_build_array(old_value, new_value) end), '{}')
    from pairs
$$;

-- Stored lineups get the order of the response that was loaded last. The archive also holds refused responses, so nothing
-- is taken for granted about their form. A player who is not in that response has no order.
select set_config('pulse.keeps_revisions', 'off', true), set_config('pulse.follows_matches', 'off', true);
with entries as materialized (
    select resources.event_id, sides.side, listed.place, listed.entry -> 'player' ->> 'id' as player_id
    from pulse.raw_resources as resources
    join pulse.raw_responses as responses on responses.response_id = resources.loaded_response_id
    cross join (values ('home'), ('away')) as sides (side)
    cross join lateral (select responses.body -> sides.side -> 'players' as players) as lists
    cross join lateral json_array_elements(
        case json_typeof(lists.players) when 'array' then lists.players else '[]' end
    ) with ordinality as listed (entry, place)
    where resources.endpoint = 'events/lineups'
), firsts as (
    select event_id, side, player_id, min(place) as place from entries group by event_id, side, player_id
), orders as (
    select stored.event_id, stored.player_id, firsts.place
    from pulse.sofasport_lineup_players as stored
    join firsts on firsts.event_id = stored.event_id and firsts.side = stored.side
        and firsts.player_id = stored.player_id::text
)
update pulse.sofasport_lineup_players as stored
set lineup_order = orders.place
from orders
where stored.event_id = orders.event_id and stored.player_id = orders.player_id;
select set_config('pulse.keeps_revisions', 'on', true), set_config('pulse.follows_matches', 'on', true);
