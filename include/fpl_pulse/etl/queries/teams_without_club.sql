-- SofaSport's clubs of the season without an FPL club.
select teams.team_id, teams.name
from pulse.sofasport_teams as teams
where exists (
        select from pulse.sofasport_events as events
        where events.season = %(season)s and teams.team_id in (events.home_team_id, events.away_team_id))
  and not exists (select from pulse.team_mappings as links where links.sofasport_team_id = teams.team_id)
order by teams.team_id
