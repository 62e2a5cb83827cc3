select event_id, home_team_id, away_team_id, start_at, status_code
from pulse.sofasport_events
where season = %(season)s
