select code as fpl_code, element_id, first_name, second_name, web_name, known_name, birth_date, team_code,
       position as element_type
from pulse.fpl_players
where season = %(season)s and position <= 4
