select event_id, status_code, start_at, home_score, away_score
from pulse.sofasport_events
where season = %(season)s
