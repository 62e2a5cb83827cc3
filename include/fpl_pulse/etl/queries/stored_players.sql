select element_id, code, team_code from pulse.fpl_players where season = %(season)s
