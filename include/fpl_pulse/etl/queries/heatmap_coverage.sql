select events.event_id, format('%%s-%%s (%%s)', coalesce(home.short_name, home.name), coalesce(away.short_name, away.name),
              events.event_id) as match,
       events.start_at < %(as_of)s - %(settling)s as is_settled,
       count(*) as with_minutes,
       count(heatmaps.event_id) as heatmaps,
       count(*) filter (where heatmaps.event_id is null and resources.outcome = 'no_data') as no_data,
       count(*) filter (where heatmaps.event_id is null and resources.outcome = 'rejected') as rejected,
       count(plan.event_id) as skipped,
       count(*) filter (where heatmaps.event_id is null and resources.outcome is null and plan.event_id is null)
           as never_requested
from pulse.sofasport_lineup_players as players
join pulse.sofasport_events as events using (event_id)
join pulse.sofasport_teams as home on home.team_id = events.home_team_id
join pulse.sofasport_teams as away on away.team_id = events.away_team_id
left join pulse.sofasport_heatmaps as heatmaps using (event_id, player_id)
left join pulse.raw_resources as resources
    on resources.endpoint = 'events/player-heatmap'
    and resources.event_id = players.event_id and resources.player_id = players.player_id
left join pulse.planned_calls as plan
    on plan.dag_id = %(dag_id)s and plan.run_id = %(run_id)s and plan.outcome = 'skipped'
    and plan.event_id = players.event_id and plan.player_id = players.player_id
where events.season = %(season)s and pulse.has_ended(events.status_code) and events.start_at < %(as_of)s
  and players.minutes > 0
group by events.event_id, home.team_id, away.team_id
order by events.start_at, events.event_id
