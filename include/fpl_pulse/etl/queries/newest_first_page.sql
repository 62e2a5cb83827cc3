-- The body of the first page of past or coming events of a season id, whichever was fetched last and is not "no data".
select responses.body
from pulse.raw_resources as resources
join pulse.raw_responses as responses using (response_id)
where resources.endpoint = 'seasons/events' and resources.event_id is null and resources.season_id = %(season_id)s
  and resources.page = 0 and resources.outcome <> 'no_data'
order by responses.response_id desc
limit 1
