-- In which of the seasons of a player each player of FPL has come: in the same as the linked player of SofaSport.
create temporary table turns on commit drop as
select players.code, coalesce(min(links.sofasport_player_id), players.code) %% %(stay)s as turn
from pulse.fpl_players as players
left join pulse.player_mappings as links on links.fpl_code = players.code
group by players.code
