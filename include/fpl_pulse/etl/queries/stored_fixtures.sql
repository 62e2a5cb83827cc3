select fixture_id, code, gameweek, home_team_code, away_team_code, finished_provisional, finished,
       details -> 'stats' as stats
from pulse.fpl_fixtures
where season = %(season)s
