-- Load the official figures again of which records were rejected: bootstrap-static may list those players by now.
update pulse.raw_resources as resources
set loaded_response_id = null
where resources.endpoint = 'fpl/event/live' and resources.season = %(season)s
  and exists (select from pulse.rejected_records as rejected where rejected.resource_id = resources.resource_id)
