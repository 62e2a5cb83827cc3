-- The newest response of bootstrap-static (no season), or of the fixtures of a season, and whether the tables hold it.
select resources.endpoint, resources.resource, resources.params, resources.resource_id,
       responses.response_id, responses.as_of, responses.forced, responses.body,
       resources.loaded_response_id is distinct from resources.response_id as is_waiting
from pulse.raw_resources as resources
join pulse.raw_responses as responses using (response_id)
where resources.endpoint = %(endpoint)s and resources.event_id is null and resources.season_id is null
  and (resources.season = %(of_season)s::text or (%(of_season)s::text is null and resources.season is null))
