with matches as (
    select event_id, match, start_at
    from pulse.event_gameweeks
    where season = %(season)s and has_ended and start_at < %(as_of)s
), stored as (
    select heatmaps.event_id, heatmaps.player_id
    from matches join pulse.sofasport_heatmaps as heatmaps using (event_id)
), requested as (
    select resources.event_id, resources.player_id, resources.outcome
    from matches join pulse.raw_resources as resources using (event_id)
    where resources.endpoint = 'events/player-heatmap'
)
select matches.event_id, matches.match, matches.start_at < %(as_of)s - %(settling)s as is_settled,
       count(*) as with_minutes,
       count(heatmaps.event_id) as heatmaps,
       count(*) filter (where heatmaps.event_id is null and resources.outcome = 'no_data') as no_data,
       count(*) filter (where heatmaps.event_id is null and resources.outcome = 'rejected') as rejected,
       -- Only where the heatmap is missing: a skipped call can also be for one that is stored.
       count(*) filter (where heatmaps.event_id is null and plan.event_id is not null) as skipped,
       count(*) filter (where heatmaps.event_id is null and resources.outcome is null and plan.event_id is null)
           as never_requested
from matches
join pulse.sofasport_lineup_players as players using (event_id)
left join stored as heatmaps using (event_id, player_id)
left join requested as resources using (event_id, player_id)
left join pulse.planned_calls as plan
    on plan.dag_id = %(dag_id)s and plan.run_id = %(run_id)s and plan.endpoint = 'events/player-heatmap'
    and plan.outcome = 'skipped' and plan.event_id = players.event_id and plan.player_id = players.player_id
where players.minutes > 0
group by matches.event_id, matches.match, matches.start_at
order by matches.start_at, matches.event_id
