-- The heatmaps of matches, without their points: two lists with the same number of points and the same means are equal.
select event_id, player_id, point_count, mean_x::float8 as mean_x, mean_y::float8 as mean_y
from pulse.sofasport_heatmaps
where event_id = any(%(event_id)s)
