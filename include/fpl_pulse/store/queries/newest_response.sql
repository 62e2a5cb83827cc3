-- The newest response of an endpoint that has a single resource, loaded or not.
select resources.endpoint, resources.resource, resources.params, resources.resource_id,
       responses.response_id, responses.as_of, responses.forced, responses.body
from pulse.raw_resources as resources
join pulse.raw_responses as responses using (response_id)
where resources.endpoint = %(endpoint)s
order by responses.response_id desc
limit 1
