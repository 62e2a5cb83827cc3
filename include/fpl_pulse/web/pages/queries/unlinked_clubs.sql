-- FPL's clubs of the season without a SofaSport club.
select code, name
from pulse.fpl_teams as teams
where season = %(season)s
  and not exists (select from pulse.team_mappings as links where links.fpl_team_code = teams.code)
order by name
