-- A player's row with the id of a position's average would be the average sold as his own.
select people.name as player
from pulse.sofasport_attributes as attributes
join pulse.sofasport_players as people using (player_id)
join pulse.sofasport_position_averages as averages on averages.details ->> 'id' = attributes.details ->> 'id'
