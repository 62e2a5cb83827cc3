select fixture_id, home_team_code, away_team_code, kickoff_at, finished_provisional or finished as is_finished
from pulse.fpl_fixtures
where season = %(season)s
