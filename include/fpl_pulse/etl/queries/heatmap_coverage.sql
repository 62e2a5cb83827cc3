with matches as materialized (
    select event_id, match, start_at
    from pulse.event_gameweeks
    where season = %(season)s and has_ended and start_at < %(as_of)s
), people as (
    select matches.*, players.player_id,
           (players.event_id, players.player_id) not in (
               select heatmaps.event_id, heatmaps.player_id
               from matches join pulse.sofasport_heatmaps as heatmaps using (event_id)) as is_missing
    from matches
    join pulse.sofasport_lineup_players as players using (event_id)
    where players.minutes > 0
)
select people.event_id, people.match, people.start_at < %(as_of)s - %(settling)s as is_settled,
       count(*) as with_minutes,
       count(*) filter (where not is_missing) as heatmaps,
       count(*) filter (where is_missing and resources.outcome = 'no_data') as no_data,
       count(*) filter (where is_missing and resources.outcome = 'rejected') as rejected,
       -- Only where the heatmap is missing: a skipped call can also be for one that is stored.
       count(*) filter (where is_missing and plan.outcome is not null) as skipped,
       count(*) filter (where is_missing and resources.outcome is null and plan.outcome is null) as never_requested
from people
left join lateral (
    -- With the limit it is a lookup for each player without a heatmap.
    select resources.outcome from pulse.raw_resources as resources
    where people.is_missing and resources.endpoint = 'events/player-heatmap'
      and resources.event_id = people.event_id and resources.player_id = people.player_id
    limit 1
) as resources on true
left join lateral (
    select plan.outcome from pulse.planned_calls as plan
    where people.is_missing and plan.dag_id = %(dag_id)s and plan.run_id = %(run_id)s
      and plan.endpoint = 'events/player-heatmap' and plan.outcome = 'skipped'
      and plan.event_id = people.event_id and plan.player_id = people.player_id
    limit 1
) as plan on true
group by people.event_id, people.match, people.start_at
order by people.start_at, people.event_id
