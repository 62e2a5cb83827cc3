-- Pages of events that wait to be loaded and whose season id is that of no season.
select response_id
from pulse.raw_resources
where endpoint = 'seasons/events' and loaded_response_id is distinct from response_id
  and season_id not in (select season_id from pulse.sofasport_seasons)
