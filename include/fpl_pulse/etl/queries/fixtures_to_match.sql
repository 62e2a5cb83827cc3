select fixture_id, home_team_code, away_team_code, kickoff_at
from pulse.fpl_fixtures
where season = %(season)s
