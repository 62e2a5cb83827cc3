-- The matches of a player's season that have a heatmap.
select matches.fixture_id, matches.sofasport_player_id, stored.point_count as points
from pulse.player_matches as matches
join pulse.sofasport_heatmaps as stored
  on stored.event_id = matches.event_id and stored.player_id = matches.sofasport_player_id
where matches.season = %(season)s and matches.fpl_code = %(code)s
