select gameweek from fpl.gameweeks where season = %(season)s and gameweek = %(gameweek)s
