-- The calls of a run that failed, were skipped or are still open, in the order of their rank.
select calls.purpose, coalesce(calls.outcome, 'open') as outcome, calls.endpoint, calls.event_id, calls.player_id,
       calls.team_id, calls.reason,
       coalesce(people.name, teams.name, home.name || '-' || away.name) as name, (count(*) over ())::int as total
from pulse.planned_calls as calls
left join pulse.sofasport_players as people using (player_id)
left join pulse.sofasport_teams as teams on teams.team_id = calls.team_id and calls.event_id is null
left join pulse.sofasport_events as events on events.event_id = calls.event_id
left join pulse.sofasport_teams as home on home.team_id = events.home_team_id
left join pulse.sofasport_teams as away on away.team_id = events.away_team_id
where calls.dag_id = %(dag_id)s and calls.run_id = %(run_id)s
  and (calls.outcome is null or calls.outcome in ('failed', 'skipped'))
order by calls.outcome is not distinct from 'failed' desc, calls.outcome is null desc, calls.rank
limit %(limit)s
