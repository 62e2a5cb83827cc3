-- Note that the tables hold these responses, and in how many rows.
update pulse.raw_resources as resources
set loaded_response_id = resources.response_id, loaded_at = now(), loaded_rows = held.stored_rows
from pulse.resource_rows as held
where resources.response_id = any(%(response_ids)s) and held.resource_id = resources.resource_id
