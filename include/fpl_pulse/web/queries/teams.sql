select team, short_name from fpl.teams where season = %(season)s order by team
