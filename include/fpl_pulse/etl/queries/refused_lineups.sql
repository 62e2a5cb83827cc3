-- Matches whose newest lineups were refused as a whole, with the reason.
select resources.event_id, min(rejected.reason) as reason
from pulse.raw_resources as resources
join pulse.rejected_records as rejected using (resource_id)
where resources.endpoint = 'events/lineups' and resources.outcome = 'rejected' and resources.event_id = any(%(event_ids)s)
  and rejected.path = ''
group by resources.event_id
order by resources.event_id
