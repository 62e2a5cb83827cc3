select response_id, as_of, forced, body from pulse.raw_responses where response_id = any(%(response_ids)s)
