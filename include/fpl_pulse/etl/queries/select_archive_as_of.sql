-- Make the newest response of one as-of time the current response of its resource; return the endpoints.
update pulse.raw_resources as resources
set response_id = responses.response_id, loaded_response_id = null
from archive_by_time as responses
where responses.as_of = %(as_of)s and resources.resource_id = responses.resource_id
returning resources.endpoint
