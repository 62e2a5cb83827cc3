select * from fpl.player_matches
where season = %(season)s and fixture_id = %(fixture_id)s and (minutes > 0 or shirt_number is not null)
order by venue desc, starts desc, sofasport_is_starter desc nulls last, minutes desc, player, code
