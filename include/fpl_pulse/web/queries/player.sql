select season, code, element_id, player, full_name, team, position
from fpl.players
where season = %(season)s and (element_id = %(element_id)s::int or code = %(code)s::int)
