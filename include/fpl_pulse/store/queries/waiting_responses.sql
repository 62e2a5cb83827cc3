-- The resources of an endpoint whose newest response the tables do not hold yet, oldest first. Without the responses: a
-- join would read the whole archive.
select endpoint, resource, params, resource_id, response_id
from pulse.raw_resources
where endpoint = %(endpoint)s and loaded_response_id is distinct from response_id
  and (%(only)s::bigint[] is null or response_id = any(%(only)s))
order by response_id
