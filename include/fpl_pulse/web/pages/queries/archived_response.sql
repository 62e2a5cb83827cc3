-- A response of the archive. Only the beginning of a very large one is read.
select responses.response_id, resources.endpoint, resources.resource, responses.fetched_at, responses.as_of,
       responses.forced, resources.response_id = responses.response_id as is_newest,
       length(responses.body::text) as characters, left(responses.body::text, %(most)s) as body
from pulse.raw_responses as responses
join pulse.raw_resources as resources using (resource_id)
where responses.response_id = %(response_id)s
