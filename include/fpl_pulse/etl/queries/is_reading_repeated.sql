-- Whether a run for a later time has read FPL, and both responses were received before its ones: a run that is repeated
-- with the same responses must not undo the later one.
select exists (
    select from pulse.pipeline_runs
    where as_of > %(as_of)s and state = 'success'
      and dag_id in ('update_fixture_mappings', 'update_lineups', 'update_season_stats'))
  and not exists (
      select from pulse.raw_responses as fetched
      where fetched.response_id = any(%(responses)s::bigint[]) and not exists (
          select from pulse.raw_responses as earlier
          join pulse.raw_resources as resources using (resource_id)
          where earlier.resource_id = fetched.resource_id and earlier.sha256 = fetched.sha256
            and earlier.response_id <= resources.loaded_response_id))
