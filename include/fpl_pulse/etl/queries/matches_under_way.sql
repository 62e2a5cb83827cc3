-- Matches that kicked off before the run's as-of time and have no result yet. A postponed match keeps its old kick-off; if
-- it was played as another event, FPL has its result. A second event of a match that has ended is not under way either.
select events.event_id
from pulse.judged_events as events
where events.season = %(season)s
  and events.is_current and not events.is_awarded
  and events.start_at < %(as_of)s
  and pulse.match_stage(events.status_code) not in ('ended', 'postponed', 'interrupted', 'called_off', 'awarded')
  and not exists (
      select from pulse.sofasport_events as twins
      where twins.season = events.season and twins.home_team_id = events.home_team_id
        and twins.away_team_id = events.away_team_id and pulse.has_ended(twins.status_code))
