-- Correct how many rows the gameweeks of a season have: a load of one gameweek can move rows of another.
update pulse.raw_resources as resources
set loaded_rows = held.stored_rows
from pulse.resource_rows as held
where held.endpoint = 'fpl/event/live' and held.event_id is null and held.season_id is null
  and held.season = %(season)s and held.is_loaded and held.stored_rows < held.loaded_rows
  and resources.resource_id = held.resource_id
