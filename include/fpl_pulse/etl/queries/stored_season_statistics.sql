-- The season behind SofaSport's id, and the stored row of a player in it; nulls when there is none.
select seasons.season, statistics.statistics, statistics.team_id
from pulse.sofasport_seasons as seasons
left join pulse.sofasport_season_statistics as statistics
    on statistics.season = seasons.season and statistics.player_id = %(player_id)s
where seasons.season_id = %(season_id)s
