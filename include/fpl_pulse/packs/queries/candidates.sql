-- Players of a season by name or code, for the choice of one.
select players.code, players.web_name as player, concat_ws(' ', nullif(players.first_name, ''), players.second_name) as full_name,
       teams.name as team
from pulse.fpl_players as players
join pulse.fpl_teams as teams on teams.season = players.season and teams.code = players.team_code
where players.season = %(season)s
order by players.code
