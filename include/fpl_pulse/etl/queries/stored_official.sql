select gameweek, fixture_id, element_id, minutes
from pulse.fpl_player_fixtures
where season = %(season)s and gameweek = any(%(gameweeks)s)
