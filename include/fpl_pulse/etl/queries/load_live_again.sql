-- Load the newest official figures of gameweeks again: a fixture has moved or has other figures.
update pulse.raw_resources as resources
set loaded_response_id = null
where resources.endpoint = 'fpl/event/live' and resources.event_id is null and resources.season_id is null
  and resources.season = %(season)s and resources.gameweek = any(%(gameweeks)s)
