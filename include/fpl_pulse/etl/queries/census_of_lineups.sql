-- The keys of the statistics of players with minutes, for each round with one of the matches. The round is the planned
-- one, which a moved match keeps.
with rounds as (
    select distinct season, round from pulse.sofasport_events where event_id = any(%(event_ids)s)
), players as materialized (
    select events.season, coalesce(events.round, 0) as gameweek, players.statistics
    from rounds
    join pulse.sofasport_events as events
        on events.season = rounds.season and events.round is not distinct from rounds.round
    join pulse.sofasport_lineup_players as players using (event_id)
    where players.minutes > 0
), totals as (
    select season, gameweek, count(*)::int as records from players group by season, gameweek
)
select season, gameweek, 'players.statistics' as path, key, records, count(*)::int as have
from players
join totals using (season, gameweek)
cross join jsonb_object_keys(statistics) as key
group by season, gameweek, key, records
