-- The stored players of a squad.
select player_id from pulse.sofasport_squads where season = %(season)s and team_id = %(team_id)s and is_current
