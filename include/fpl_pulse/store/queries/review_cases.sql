-- Players and clubs of the newest season that wait for a manual decision.
select count(distinct candidates.sofasport_id) filter (where candidates.kind = 'player')::int as players,
       count(distinct candidates.sofasport_id) filter (where candidates.kind = 'team')::int as clubs
from pulse.mapping_candidates as candidates
where candidates.season = (select season from pulse.fpl_seasons order by observed_at desc limit 1)
  and candidates.kind in ('player', 'team') and candidates.status = 'review'
