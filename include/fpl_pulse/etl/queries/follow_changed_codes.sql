-- FPL gives a new player a temporary code first. When FPL replaces it, the rows with the old code get the new one.
with changed as (
    select old_code, new_code
    from unnest(%(old)s::int[], %(new)s::int[]) as changed (old_code, new_code)
), mapped as (
    update pulse.player_mappings as mappings
    set fpl_code = changed.new_code, updated_at = now()
    from changed
    where mappings.fpl_code = changed.old_code
), lost as (
    update pulse.lost_links as links
    set fpl_code = changed.new_code, updated_at = now()
    from changed
    where links.fpl_code = changed.old_code
), decided as (
    update pulse.mapping_decisions as decisions
    set fpl_id = changed.new_code
    from changed
    where decisions.kind = 'player' and decisions.fpl_id = changed.old_code
)
update pulse.fpl_player_fixtures as figures
set fpl_code = changed.new_code, updated_at = now()
from changed
where figures.season = %(season)s and figures.fpl_code = changed.old_code
