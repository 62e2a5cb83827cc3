select event_id, status_code, pulse.has_ended(status_code) as has_ended, start_at, home_score, away_score,
       home_score_period1, away_score_period1, round, slug,
       home_team_id, away_team_id,
       coalesce((select bool_and(lineups.with_minutes > 0) from pulse.sofasport_lineups as lineups
                 where lineups.event_id = events.event_id), false) as has_lineups
from pulse.sofasport_events as events
where season = %(season)s
