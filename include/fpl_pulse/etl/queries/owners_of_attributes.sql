-- Other players with attributes of these ids. `is_repeated`: the response was refused before, in an earlier week.
select distinct attributes.player_id,
       exists (
           select from pulse.rejected_records as rejected
           where rejected.resource_id = %(resource_id)s and rejected.as_of <= %(as_of)s - %(confirmed_after)s) as is_repeated
from pulse.sofasport_attributes as attributes
where attributes.details ->> 'id' = any(%(ids)s) and attributes.player_id <> %(player_id)s
order by attributes.player_id
