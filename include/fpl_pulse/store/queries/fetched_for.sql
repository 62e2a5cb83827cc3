-- What an earlier attempt fetched for the same as-of time and has not loaded.
select responses.body, responses.response_id
from pulse.raw_resources as resources
join pulse.raw_responses as responses using (response_id)
where resources.endpoint = %(endpoint)s and resources.event_id is null and resources.season_id = %(season_id)s
  and resources.course = %(course)s and resources.page = %(page)s
  and resources.as_of = %(as_of)s and resources.outcome = 'fetched'
  and (resources.loaded_at is null or resources.loaded_at < resources.fetched_at)
