select event_id, home_team_id, away_team_id, start_at, pulse.match_stage(status_code) as stage
from pulse.sofasport_events
where season = %(season)s
