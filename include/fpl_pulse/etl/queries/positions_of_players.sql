select player_id, position from pulse.sofasport_players where player_id = any(%(ids)s) and position is not null
