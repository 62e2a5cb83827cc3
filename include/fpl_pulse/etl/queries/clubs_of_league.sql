-- SofaSport's clubs of the league; none while one of FPL's clubs has no link, because it could be any club.
select links.sofasport_team_id as team_id
from pulse.fpl_teams as teams
join pulse.team_mappings as links on links.fpl_team_code = teams.code
where teams.season = %(season)s
  and not exists (
      select from pulse.fpl_teams as others
      where others.season = %(season)s
        and (select count(*) from pulse.team_mappings as linked where linked.fpl_team_code = others.code) = 0)
