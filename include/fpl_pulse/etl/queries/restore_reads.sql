-- When each resource was read, and with what outcome, is as it was before the rebuild.
update pulse.raw_reads as reads
set outcome = kept.outcome, answer_id = kept.answer_id, loaded_answer_id = kept.loaded_answer_id,
    loaded_at = kept.loaded_at
from reads_as_they_were as kept
where reads.endpoint = kept.endpoint and reads.resource = kept.resource
