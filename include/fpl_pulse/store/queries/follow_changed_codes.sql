-- FPL gives a new player a temporary code at first. When it is replaced, what was stored under the old one follows.
with changed as (
    select distinct figures.fpl_code as old_code, players.code as new_code
    from pulse.fpl_player_fixtures as figures
    join pulse.fpl_players as players using (season, element_id)
    where figures.season = %(season)s and figures.fpl_code <> players.code
), mapped as (
    update pulse.player_mappings as mappings
    set fpl_code = changed.new_code, updated_at = now()
    from changed
    where mappings.fpl_code = changed.old_code
), decided as (
    update pulse.mapping_decisions as decisions
    set fpl_id = changed.new_code
    from changed
    where decisions.kind = 'player' and decisions.fpl_id = changed.old_code
)
update pulse.fpl_player_fixtures as figures
set fpl_code = players.code, updated_at = now()
from pulse.fpl_players as players
where figures.season = %(season)s
  and players.season = figures.season and players.element_id = figures.element_id
  and figures.fpl_code <> players.code
