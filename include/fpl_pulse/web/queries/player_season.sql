select * from fpl.player_seasons where season = %(season)s and code = %(code)s
