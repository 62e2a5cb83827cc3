-- Minutes and goals of the players in the season's ended matches whose lineups have minutes on both sides.
select players.event_id, players.player_id as sofasport_player_id, players.minutes,
       coalesce(players.goals, 0) as goals
from pulse.sofasport_lineup_players as players
join pulse.sofasport_events as events using (event_id)
where events.season = %(season)s and pulse.has_ended(events.status_code) and players.minutes > 0
  and (select count(*) from pulse.sofasport_lineups as lineups
       where lineups.event_id = events.event_id and lineups.with_minutes > 0) = 2
