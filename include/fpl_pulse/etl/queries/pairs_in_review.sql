-- The player pairs in review in the newest identity resolution of a season.
select sofasport_id, fpl_id
from pulse.mapping_candidates
where season = %(season)s and kind = 'player' and status = 'review' and fpl_id <> 0
