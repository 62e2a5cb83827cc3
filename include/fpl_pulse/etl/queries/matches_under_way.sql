-- Matches that have kicked off before the run's moment and whose stored status is not an end yet. Postponed
-- ones (60) keep their old start; FPL knows when such a fixture was played under another event.
-- A second event of a match that has ended elsewhere is none of them.
select events.event_id
from pulse.sofasport_events as events
where events.season = %(season)s
  and events.start_at < %(as_of)s
  and events.status_code not in (60, 70, 80, 90, 92, 93, 100, 110, 120)
  and not exists (
      select from pulse.sofasport_events as twins
      where twins.season = events.season and twins.home_team_id = events.home_team_id
        and twins.away_team_id = events.away_team_id and twins.status_code in (100, 110, 120))
