-- Store a new response and make it the newest of its resource.
with stored as (
    insert into pulse.raw_responses (resource_id, sha256, fetched_at, as_of, forced, body)
    values (%(resource_id)s, %(sha256)s, now(), %(as_of)s, %(forced)s, %(body)s::json)
    returning response_id, resource_id
)
update pulse.raw_resources as resources
set response_id = stored.response_id
from stored
where resources.resource_id = stored.resource_id
returning stored.response_id
