-- Load responses with rejected official figures again: bootstrap-static may list the missing players by now.
update pulse.raw_resources as resources
set loaded_response_id = null
where resources.endpoint = 'fpl/event/live' and resources.event_id is null and resources.season_id is null
  and resources.season = %(season)s
  and exists (select from pulse.rejected_records as rejected where rejected.resource_id = resources.resource_id)
