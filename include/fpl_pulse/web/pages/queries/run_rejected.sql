-- Rejected records of the responses that were fetched for a run. Runs of one as-of time share them.
select rejected.endpoint, rejected.resource, rejected.path, rejected.response_id, rejected.reason,
       rejected.as_of, (count(*) over ())::int as total
from pulse.rejected_records as rejected
where rejected.as_of = %(as_of)s
order by rejected.endpoint, rejected.resource, rejected.path
limit %(limit)s
