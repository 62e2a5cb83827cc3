select * from fpl.player_matches where season = %(season)s and code = %(code)s
order by kickoff_at, fixture_id
