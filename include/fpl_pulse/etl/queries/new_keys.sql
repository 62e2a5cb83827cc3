-- Keys that appeared at the run's as-of time for the first time, in lists that were counted before.
select census.endpoint, census.path, array_agg(distinct census.key order by census.key) as keys
from pulse.key_census as census
where census.season = %(season)s and census.endpoint = any(%(endpoints)s) and census.added_at = %(as_of)s
  and not exists (
      select from pulse.key_census as earlier
      where earlier.endpoint = census.endpoint and earlier.path = census.path and earlier.key = census.key
        and earlier.added_at < %(as_of)s)
  and exists (
      select from pulse.key_census as earlier
      where earlier.endpoint = census.endpoint and earlier.path = census.path and earlier.added_at < %(as_of)s)
group by census.endpoint, census.path
order by census.endpoint, census.path
