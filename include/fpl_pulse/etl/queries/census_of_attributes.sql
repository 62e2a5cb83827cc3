with players as materialized (
    select season, details from pulse.sofasport_attributes where season = %(season)s
), totals as (
    select season, count(*)::int as records from players group by season
)
select season, 0 as gameweek, 'playerAttributeOverviews' as path, key, records, count(*)::int as have
from players
join totals using (season)
cross join jsonb_object_keys(details) as key
group by season, key, records
