-- What was not loaded of a response.
select rejected.endpoint, rejected.resource, rejected.path, rejected.response_id, rejected.reason,
       left(rejected.record::text, %(characters)s) as record, rejected.as_of, (count(*) over ())::int as total
from pulse.raw_responses as responses
join pulse.rejected_records as rejected using (resource_id, response_id)
where responses.response_id = %(response_id)s
order by rejected.path
limit %(limit)s
