select element_id, code, team_code, concat_ws(' ', first_name, second_name, web_name) as name, birth_date
from pulse.fpl_players
where season = %(season)s
