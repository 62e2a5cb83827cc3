select element_id, player, full_name
from fpl.players
where season = %(season)s
  and (%(team)s::text is null or team = %(team)s)
  and (%(position)s::text is null or position = %(position)s)
order by player, element_id
