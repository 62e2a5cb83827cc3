-- The highest number of a page of events that was rejected, invalidated, or fetched and not loaded; else -1.
select coalesce(max(page), -1)
from pulse.raw_resources
where endpoint = 'seasons/events' and event_id is null and season_id = %(season_id)s and course = %(course)s and response_id is not null
  and (outcome = 'rejected' or loaded_response_id is distinct from response_id)
