select event_id, home_team_id, away_team_id, start_at, pulse.match_stage(status_code) as stage,
       coalesce((select bool_and(lineups.with_minutes > 0) from pulse.sofasport_lineups as lineups
                 where lineups.event_id = events.event_id), false) as has_lineups
from pulse.sofasport_events as events
where season = %(season)s
