-- Make the newest response of one as-of time the current response of its resource.
update pulse.raw_resources as resources
set response_id = responses.response_id
from (
    select resource_id, max(response_id) as response_id
    from pulse.raw_responses
    where as_of = %(as_of)s
    group by resource_id
) as responses
where resources.resource_id = responses.resource_id
