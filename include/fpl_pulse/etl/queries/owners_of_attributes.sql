-- Other players with attributes of these ids.
select distinct player_id
from pulse.sofasport_attributes
where details ->> 'id' = any(%(ids)s) and player_id <> %(player_id)s
order by player_id
