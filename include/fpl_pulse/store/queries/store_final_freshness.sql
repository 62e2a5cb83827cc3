insert into pulse.final_freshness
select seasons.season, computed.*
from pulse.fpl_seasons as seasons
cross join lateral pulse.freshness_of(seasons.season) as computed
where seasons.season <> %(season)s
  and not exists (select from pulse.final_freshness as final where final.season = seasons.season)
on conflict (season, gameweek, what) do nothing
