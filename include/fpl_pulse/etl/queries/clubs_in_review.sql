-- FPL's clubs of the season without a SofaSport club.
select teams.code, teams.name
from pulse.fpl_teams as teams
where teams.season = %(season)s
  and not exists (select from pulse.team_mappings as links where links.fpl_team_code = teams.code)
order by teams.name
