with players as materialized (
    select season, statistics from pulse.sofasport_season_statistics where season = %(season)s
), totals as (
    select season, count(*)::int as records from players group by season
)
select season, 0 as gameweek, 'statistics' as path, key, records, count(*)::int as have
from players
join totals using (season)
cross join jsonb_object_keys(statistics) as key
group by season, key, records
