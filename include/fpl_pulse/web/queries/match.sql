select * from fpl.fixtures where season = %(season)s and fixture_id = %(fixture_id)s
