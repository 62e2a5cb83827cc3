-- Minutes and goals of the players in the season's matches that count, whose lineups have minutes on both sides.
with played as materialized (
    select event_id
    from pulse.judged_events as events
    join pulse.sofasport_lineups as lineups using (event_id)
    where events.season = %(season)s and events.counts and lineups.with_minutes > 0
    group by event_id
    having count(*) = 2
)
select players.event_id, players.player_id as sofasport_player_id, players.minutes,
       coalesce(players.goals, 0) as goals
from played
join pulse.sofasport_lineup_players as players using (event_id)
where players.minutes > 0
