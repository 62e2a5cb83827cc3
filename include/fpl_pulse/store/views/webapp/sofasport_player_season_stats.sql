-- Of two profiles of one person, the one that played longer.
create view webapp.sofasport_player_season_stats as
select totals.player_id::bigint as id, totals.observed_at as created_at, totals.updated_at,
       totals.player_id::bigint as sofasport_player_id, players.element_id as athlete_id,
       clubs.team_id::integer as team_id, coalesce(totals.team_id, 0)::bigint as sofasport_team_id,
       coalesce(seasons.season_id::text, totals.season)::varchar(50) as season_id, null::varchar(50) as category,
       true as display_stats, totals.rating, totals.total_rating, totals.count_rating::integer as count_rating,
       totals.minutes as minutes_played, totals.appearances::integer as appearances, totals.goals::integer as goals,
       totals.assists::integer as assists, totals.expected_assists::numeric(10, 2) as expected_assists,
       totals.big_chances_created::integer as big_chances_created,
       totals.big_chances_missed::integer as big_chances_missed, totals.shots::integer as total_shots,
       totals.shots_on_target::integer as shots_on_target, totals.accurate_passes, totals.passes as total_passes,
       totals.accurate_passes_percentage, totals.key_passes::integer as key_passes,
       totals.accurate_long_balls::integer as accurate_long_balls, totals.accurate_long_balls_percentage,
       totals.tackles::integer as tackles, totals.interceptions::integer as interceptions,
       totals.clearances::integer as clearances, totals.duels_won::integer as total_duels_won,
       totals.duels_won_percentage as total_duels_won_percentage,
       totals.aerial_duels_won::integer as aerial_duels_won, totals.ground_duels_won::integer as ground_duels_won,
       totals.yellow_cards::integer as yellow_cards, totals.red_cards::integer as red_cards,
       totals.fouls::integer as fouls, totals.was_fouled::integer as was_fouled, totals.saves::integer as saves,
       webapp.number_of(totals.statistics, 'savesPercentage', 1e3)::numeric(5, 2) as saves_percentage,
       totals.clean_sheets::integer as clean_sheets, totals.goals_conceded::integer as goals_conceded,
       totals.statistics, totals.updated_at as last_updated
from (
    select distinct on (links.fpl_code) links.fpl_code, statistics.*
    from pulse.sofasport_season_statistics as statistics
    join webapp.current_season as current using (season)
    join pulse.player_mappings as links on links.sofasport_player_id = statistics.player_id
    order by links.fpl_code, statistics.minutes desc nulls last, statistics.player_id
) as totals
join pulse.fpl_players as players on players.season = totals.season and players.code = totals.fpl_code
left join pulse.sofasport_seasons as seasons on seasons.season = totals.season
left join pulse.team_mappings as club_links on club_links.sofasport_team_id = totals.team_id
left join pulse.fpl_teams as clubs on clubs.season = totals.season and clubs.code = club_links.fpl_team_code;

comment on view webapp.sofasport_player_season_stats is 'Season totals of linked players.';
comment on column webapp.sofasport_player_season_stats.statistics is 'SofaSport''s statistics of the player in the season.';
