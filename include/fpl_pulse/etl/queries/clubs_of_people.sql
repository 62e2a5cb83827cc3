-- The clubs that are stored for players: of their link to FPL, and of the squads. One row for each player and club.
with linked as (
    select links.sofasport_player_id as player_id, links.fpl_code, clubs.sofasport_team_id as team_id
    from pulse.player_mappings as links
    left join pulse.fpl_players as people on people.season = %(season)s and people.code = links.fpl_code
    left join pulse.team_mappings as clubs on clubs.fpl_team_code = people.team_code
    where links.sofasport_player_id = any(%(players)s)
)
select player_id, fpl_code, team_id from linked where team_id is not null
union
select squads.player_id, (select min(linked.fpl_code) from linked where linked.player_id = squads.player_id), squads.team_id
from pulse.sofasport_squads as squads
where squads.season = %(season)s and squads.is_current and squads.player_id = any(%(players)s)
