select event_id, status_code, pulse.has_ended(status_code) as has_ended, start_at, home_score, away_score
from pulse.sofasport_events
where season = %(season)s
