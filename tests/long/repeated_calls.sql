-- SofaSport calls that requested again what an earlier call of the same run had fetched. A process can be killed after
-- the ledger has its call and before the archive has the response; making that call again is right.
select calls.run_id, calls.endpoint, calls.resource, calls.task_id, calls.map_index, calls.try_number
from pulse.api_calls as calls
left join pulse.raw_resources using (endpoint, resource)
left join pulse.raw_responses as responses using (response_id)
where calls.run_id = any(%s) and calls.api = 'sofasport' and calls.outcome in ('fetched', 'no_data')
  and coalesce(responses.fetched_at < calls.called_at, true)
  and exists (
      select from pulse.api_calls as earlier
      where earlier.run_id = calls.run_id and earlier.endpoint = calls.endpoint and earlier.resource = calls.resource
        and earlier.outcome = calls.outcome and earlier.call_id < calls.call_id
  )
