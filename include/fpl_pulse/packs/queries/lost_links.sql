-- Player links that contradicting evidence has removed.
select people.name as sofasport_name, players.web_name as fpl_name, lost.lost_at, lost.evidence
from pulse.lost_links as lost
join pulse.fpl_players as players on players.season = %(season)s and players.code = lost.fpl_code
left join pulse.sofasport_players as people on people.player_id = lost.sofasport_player_id
order by lost.lost_at desc, lost.sofasport_player_id
