-- SofaSport's clubs of the season without an FPL club.
select teams.team_id, teams.name
from pulse.sofasport_teams as teams
where teams.team_id in (
        select home_team_id from pulse.sofasport_events where season = %(season)s
        union
        select away_team_id from pulse.sofasport_events where season = %(season)s)
  and not exists (select from pulse.team_mappings as links where links.sofasport_team_id = teams.team_id)
order by teams.team_id
