select * from fpl.players
where season = %(season)s and element_id = any(%(element_ids)s)
order by player, element_id
