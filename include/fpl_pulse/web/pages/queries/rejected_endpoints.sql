-- How many records of each endpoint were rejected.
select endpoint, count(*)::int as records
from pulse.rejected_records
group by endpoint
order by endpoint
