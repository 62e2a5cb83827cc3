-- Let the archive's reads point at the newest answer that each resource had at a moment, as far as it is of that moment.
update pulse.raw_reads as reads
set answer_id = answers.answer_id
from (
    select distinct on (endpoint, resource) endpoint, resource, answer_id
    from pulse.raw_answers
    where as_of = %(as_of)s
    order by endpoint, resource, answer_id desc
) as answers
where reads.endpoint = answers.endpoint and reads.resource = answers.resource
