-- Matches that have kicked off before the run's moment and whose stored status is not an end yet. Postponed
-- ones (60) keep their old start; FPL knows when such a fixture was played under another event.
select event_id
from pulse.sofasport_events
where season = %(season)s
  and start_at < %(as_of)s
  and status_code not in (60, 70, 80, 90, 92, 93, 100, 110, 120)
