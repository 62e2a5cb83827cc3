-- Rejected records, the newest first. They are of all seasons: a rejected record often has no season that could be read.
select endpoint, resource, path, response_id, reason, as_of, (count(*) over ())::int as total
from pulse.rejected_records
where %(endpoint)s::text is null or endpoint = %(endpoint)s
order by as_of desc, endpoint, resource, path
limit %(limit)s offset %(offset)s
