-- The newest response of each resource of an endpoint that the tables do not hold yet, oldest first, without bodies.
select resources.endpoint, resources.resource, resources.params, resources.resource_id,
       responses.response_id, responses.as_of, responses.forced
from pulse.raw_resources as resources
join pulse.raw_responses as responses using (response_id)
where resources.endpoint = %(endpoint)s
  and resources.loaded_response_id is distinct from resources.response_id
order by responses.response_id
