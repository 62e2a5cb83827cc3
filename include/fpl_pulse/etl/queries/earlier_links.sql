-- The stored links of the given SofaSport people and FPL codes, without those that were decided manually.
select sofasport_player_id, fpl_code
from pulse.player_mappings
where method <> 'decision' and (sofasport_player_id = any(%(people)s) or fpl_code = any(%(codes)s))
