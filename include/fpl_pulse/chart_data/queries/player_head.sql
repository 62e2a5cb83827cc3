-- A player as FPL lists the person in a season, for the heads of charts.
select players.web_name as player, teams.name as club, fpl.position_name(players.position) as position,
  players.code, players.element_id, players.season
from pulse.fpl_players as players
join pulse.fpl_teams as teams on teams.season = players.season and teams.code = players.team_code
where players.season = %(season)s and players.code = any(%(codes)s)
order by array_position(%(codes)s, players.code)
