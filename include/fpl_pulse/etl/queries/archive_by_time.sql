-- The newest response of each resource at each as-of time. Read once: the archive has no index on as-of times.
create temporary table archive_by_time on commit drop as
select as_of, resource_id, max(response_id) as response_id
from pulse.raw_responses
group by as_of, resource_id
