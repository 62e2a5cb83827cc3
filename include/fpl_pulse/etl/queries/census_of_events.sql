with events as materialized (
    select season, details from pulse.sofasport_events where season = %(season)s
), totals as (
    select season, count(*)::int as records from events group by season
)
select season, 0 as gameweek, 'events' as path, key, records, count(*)::int as have
from events
join totals using (season)
cross join jsonb_object_keys(details) as key
group by season, key, records
