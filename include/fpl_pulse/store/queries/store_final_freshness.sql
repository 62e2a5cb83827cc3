insert into pulse.final_freshness
select season, gameweek, table_name, what, have, want, share, last_complete_at, last_written_at, calls
from pulse.freshness
where season < %(season)s and season > coalesce((select max(season) from pulse.final_freshness), '')
on conflict (season, gameweek, what) do nothing
