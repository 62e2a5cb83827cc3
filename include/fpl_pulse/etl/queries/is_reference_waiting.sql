select exists (
    select from pulse.raw_resources
    where endpoint in ('fpl/bootstrap-static', 'fpl/fixtures') and loaded_response_id is distinct from response_id)
