-- Add one call to the ledger. `called_at` is the start of the call; this statement runs at its end.
insert into pulse.api_calls
    (api, endpoint, resource, purpose, dag_id, run_id, task_id, map_index, try_number, attempt,
     status, outcome, seconds, bytes, quota_remaining, quota_resets_at, called_at, event_id)
values
    (%(api)s, %(endpoint)s, %(resource)s, %(purpose)s, %(dag_id)s, %(run_id)s, %(task_id)s, %(map_index)s,
     %(try_number)s, %(attempt)s, %(status)s, %(outcome)s, %(seconds)s, %(size_bytes)s, %(quota_remaining)s,
     clock_timestamp() + %(quota_resets_in_s)s * interval '1 second',
     clock_timestamp() - %(seconds)s * interval '1 second', %(event_id)s)
