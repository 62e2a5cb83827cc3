-- The attributes of some players in a season and in the earlier ones, the newest first. Of two profiles of one person,
-- the newer one. The same as the view fpl.radar_seasons, which looks at all players before it chooses some.
select own.fpl_code as code, own.season, fpl.position_name(own.position) as position, own.attacking, own.technical,
  own.tactical, own.defending, own.creativity, own.saves, own.anticipation, own.ball_distribution, own.aerial,
  averages.attacking as average_attacking, averages.technical as average_technical,
  averages.tactical as average_tactical, averages.defending as average_defending,
  averages.creativity as average_creativity, averages.saves as average_saves,
  averages.anticipation as average_anticipation, averages.ball_distribution as average_ball_distribution,
  averages.aerial as average_aerial, averages.season as average_season, own.observed_at as as_of
from (
  select distinct on (links.fpl_code, attributes.season) links.fpl_code, attributes.*
  from pulse.player_mappings as links
  join pulse.sofasport_attributes as attributes on attributes.player_id = links.sofasport_player_id
  where links.fpl_code = any(%(codes)s) and attributes.season <= %(season)s
  order by links.fpl_code, attributes.season, attributes.player_id desc
) as own
left join lateral (
  select *
  from pulse.sofasport_position_averages as positions
  where positions.position = own.position
  order by positions.season desc
  limit 1
) as averages on true
order by own.fpl_code, own.season desc
