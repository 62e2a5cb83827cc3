-- Keys that a later run of the season counted for the first time, in lists that were counted before. The newest first.
with keys as (
    select endpoint, path, key, min(added_at) as added_at, sum(have)::float / nullif(sum(records), 0) as share
    from pulse.key_census
    where season = %(season)s
    group by endpoint, path, key
), lists as (
    select endpoint, path, min(added_at) as added_at from keys group by endpoint, path
)
select keys.endpoint, keys.path, keys.key, keys.added_at as since, coalesce(keys.share, 0) as share, null as last_seen
from keys
join lists using (endpoint, path)
where keys.added_at > lists.added_at
order by keys.added_at desc, share desc, keys.endpoint, keys.path, keys.key
limit %(limit)s
