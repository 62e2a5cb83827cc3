-- The keys of the players of the newest squads.
with players as materialized (
    select resources.season, entry.value -> 'player' as player
    from pulse.raw_resources as resources
    join pulse.raw_responses as responses using (response_id)
    cross join json_array_elements(
        case when json_typeof(responses.body -> 'players') = 'array' then responses.body -> 'players' else '[]' end
    ) as entry
    where resources.endpoint = 'teams/players' and resources.event_id is null and resources.season_id is null
      and resources.season = %(season)s
      and json_typeof(entry.value) = 'object' and json_typeof(entry.value -> 'player') = 'object'
), totals as (
    select season, count(*)::int as records from players group by season
)
select season, 0 as gameweek, 'players.player' as path, key, records, count(*)::int as have
from players
join totals using (season)
cross join json_object_keys(player) as key
group by season, key, records
