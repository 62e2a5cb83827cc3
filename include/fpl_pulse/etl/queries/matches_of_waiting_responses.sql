-- The matches of an endpoint's responses that the tables do not hold yet; null for responses that are about no match.
select distinct event_id
from pulse.raw_resources
where endpoint = %(endpoint)s and loaded_response_id is distinct from response_id
