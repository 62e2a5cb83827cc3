-- The heatmaps of a player in a season.
select stored.points, coalesce(matches.sofasport_minutes, 0) as minutes, stored.observed_at as as_of
from pulse.player_matches as matches
join pulse.sofasport_heatmaps as stored
  on stored.event_id = matches.event_id and stored.player_id = matches.sofasport_player_id
where matches.season = %(season)s and matches.fpl_code = %(code)s
order by matches.fixture_id
