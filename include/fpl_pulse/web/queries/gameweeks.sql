select * from fpl.gameweeks where season = %(season)s order by gameweek
