select position from pulse.sofasport_players where player_id = %(player_id)s and position is not null
