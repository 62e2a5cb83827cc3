create view webapp.sofasport_heatmaps as
select 100000000::bigint * heatmaps.event_id + heatmaps.player_id as id, heatmaps.observed_at as created_at,
       heatmaps.updated_at, heatmaps.player_id::bigint as sofasport_player_id, players.element_id as athlete_id,
       heatmaps.event_id::bigint as fixture_id,
       case when lineups.player_id is not null then 100000000::bigint * heatmaps.event_id + heatmaps.player_id end as lineup_id,
       heatmaps.points as coordinates, heatmaps.point_count::integer as point_count
from pulse.sofasport_heatmaps as heatmaps
join pulse.fixture_mappings as links on links.event_id = heatmaps.event_id and links.is_current
join webapp.current_season as current using (season)
join pulse.player_mappings as linked on linked.sofasport_player_id = heatmaps.player_id
join pulse.fpl_players as players on players.season = links.season and players.code = linked.fpl_code
left join pulse.sofasport_lineup_players as lineups on lineups.event_id = heatmaps.event_id and lineups.player_id = heatmaps.player_id;

comment on view webapp.sofasport_heatmaps is 'Heatmaps of linked players in the current season.';
comment on column webapp.sofasport_heatmaps.coordinates is 'List of {"x", "y"}, 0-100.';
