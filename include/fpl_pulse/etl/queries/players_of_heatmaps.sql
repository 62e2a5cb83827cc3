-- What is stored of players in matches: whether they are goalkeepers there, and how often they touched the ball.
select players.event_id, players.player_id, coalesce(players.position = 'G', false) as is_keeper, players.touches
from unnest(%(event_id)s::int[], %(player_id)s::int[]) as wanted (event_id, player_id)
join pulse.sofasport_lineup_players as players using (event_id, player_id)
