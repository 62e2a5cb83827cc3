-- Players whose own attributes have the id of a position's average, so they are the average and not their own.
select people.name as player
from pulse.sofasport_attributes as attributes
join pulse.sofasport_players as people using (player_id)
join pulse.sofasport_position_averages as averages on averages.details ->> 'id' = attributes.details ->> 'id'
