-- The seasons behind SofaSport's ids, and the stored rows of players in them; nulls where there is none.
select stored.*, wanted.season_id, wanted.player_id, seasons.season
from unnest(%(season_ids)s::int[], %(player_ids)s::int[]) as wanted (season_id, player_id)
join pulse.sofasport_seasons as seasons using (season_id)
left join pulse.sofasport_season_statistics as stored
    on stored.season = seasons.season and stored.player_id = wanted.player_id
