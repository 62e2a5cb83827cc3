select season, left(position, 1) as position, attacking, technical, tactical, defending, creativity,
       saves, anticipation, ball_distribution, aerial, average_attacking, average_technical, average_tactical,
       average_defending, average_creativity, average_saves, average_anticipation, average_ball_distribution,
       average_aerial, average_season
from fpl.radar_seasons
where code = %(code)s and season <= %(season)s
order by season desc
limit 1
