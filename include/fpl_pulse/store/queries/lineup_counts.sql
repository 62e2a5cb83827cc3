select count(*) filter (where players.minutes > 0) as with_minutes
from pulse.sofasport_lineup_players as players
join pulse.sofasport_events as events using (event_id)
where events.season = %(season)s
