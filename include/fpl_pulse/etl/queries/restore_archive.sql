-- Restore the state that the archive had before a rebuild.
update pulse.raw_resources as resources
set outcome = kept.outcome, response_id = kept.response_id, loaded_response_id = kept.loaded_response_id,
    loaded_at = kept.loaded_at
from resources_before as kept
where resources.resource_id = kept.resource_id
