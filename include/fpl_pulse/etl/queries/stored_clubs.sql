select team_id, code from pulse.fpl_teams where season = %(season)s
