-- The stored attributes of players, a row for each of their seasons.
select player_id, season, attacking, technical, tactical, defending, creativity, saves, anticipation, ball_distribution,
       aerial, details
from pulse.sofasport_attributes
where player_id = any(%(ids)s)
