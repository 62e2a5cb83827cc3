-- What FPL says about some players, in the season or else in the newest one, and who is linked to them.
select distinct on (players.code) players.code as number,
       concat_ws(' ', nullif(players.first_name, ''), players.second_name) as name, players.web_name as short_name,
       players.birth_date, fpl.position_name(players.position) as position, array[teams.name] as clubs,
       (select count(*)::int from pulse.fpl_player_fixtures as played
        where played.season = players.season and played.fpl_code = players.code and played.minutes > 0) as appearances,
       players.minutes,
       array(select links.sofasport_player_id from pulse.player_mappings as links
             where links.fpl_code = players.code order by 1) as holders
from pulse.fpl_players as players
join pulse.fpl_teams as teams on teams.season = players.season and teams.code = players.team_code
where players.code = any(%(numbers)s)
order by players.code, players.season = %(season)s desc, players.season desc
