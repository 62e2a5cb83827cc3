-- The goalkeepers among players in matches.
select distinct players.event_id, players.player_id
from unnest(%(event_id)s::int[], %(player_id)s::int[]) as wanted (event_id, player_id)
join pulse.sofasport_lineup_players as players using (event_id, player_id)
where players.position = 'G'
