-- The newest response of each resource at each as-of time. Read once: the archive has no index on as-of times. A response
-- that was rejected and came once more, or was refreshed, was loaded at the as-of time of its last fetch too.
create temporary table archive_by_time on commit drop as
select as_of, resource_id, max(response_id) as response_id
from (
    select as_of, resource_id, response_id from pulse.raw_responses
    union all
    select resources.as_of, resource_id, response_id
    from pulse.raw_resources as resources
    join pulse.raw_responses as responses using (resource_id, response_id)
    where resources.as_of > responses.as_of and resources.outcome = 'fetched'
      and resources.loaded_at >= resources.fetched_at
) as fetched
group by as_of, resource_id
