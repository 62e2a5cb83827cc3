-- The keys of the first point of the newest heatmaps, for each round with one of the matches.
with rounds as (
    select distinct season, round from pulse.sofasport_events where event_id = any(%(event_ids)s)
), points as materialized (
    select events.season, coalesce(events.round, 0) as gameweek, responses.body -> 0 as point
    from rounds
    join pulse.sofasport_events as events
        on events.season = rounds.season and events.round is not distinct from rounds.round
    join pulse.raw_resources as resources
        on resources.endpoint = 'events/player-heatmap' and resources.event_id = events.event_id
    join pulse.raw_responses as responses using (response_id)
    where resources.outcome = 'fetched' and json_typeof(responses.body) = 'array' and json_typeof(responses.body -> 0) = 'object'
), totals as (
    select season, gameweek, count(*)::int as records from points group by season, gameweek
)
select season, gameweek, 'points' as path, key, records, count(*)::int as have
from points
join totals using (season, gameweek)
cross join json_object_keys(point) as key
group by season, gameweek, key, records
