-- The points of all heatmaps of an event, a row for each player.
select people_in.side, stored.points, stored.observed_at as as_of
from pulse.sofasport_heatmaps as stored
join pulse.sofasport_lineup_players as people_in
  on people_in.event_id = stored.event_id and people_in.player_id = stored.player_id
where stored.event_id = %(event_id)s
order by people_in.side, stored.player_id
