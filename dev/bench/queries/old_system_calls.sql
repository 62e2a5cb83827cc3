-- The SofaSport calls of the old system in the week that ends at `as_of`. It fetched every page of events, the lineups
-- of every match played so far, the heatmaps of everyone with minutes in the week's matches, and two responses for every
-- linked player (season statistics and attributes).
with season as (
    select season from pulse.fpl_seasons where observed_at <= %(as_of)s order by observed_at desc limit 1
), events as (
    select event_id, start_at, start_at < %(as_of)s and pulse.has_ended(status_code) as is_played
    from pulse.sofasport_events join season using (season)
), heatmaps as (
    select count(*) as calls
    from events join pulse.sofasport_lineup_players as players using (event_id)
    where is_played and start_at >= %(as_of)s - interval '7 days' and players.minutes > 0
)
select
    (ceil(count(*) filter (where is_played) / 30.0) + ceil(count(*) filter (where not is_played) / 30.0))::int
        as event_pages,
    (count(*) filter (where is_played))::int as lineups,
    (select calls::int from heatmaps) as heatmaps,
    (select 2 * count(distinct fpl_code)::int from pulse.player_mappings) as players_twice
from events
