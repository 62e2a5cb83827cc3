-- Of several events of a fixture, only the one that stands for it has the fixture's id.
create view webapp.sofasport_fixtures as
select events.event_id::bigint as id, coalesce(links.made_at, events.updated_at) as created_at, events.updated_at,
       events.event_id::bigint as sofasport_event_id, links.fixture_id, 'PL'::varchar(10) as competition,
       'Premier League'::varchar(100) as competition_name, 17::bigint as sofasport_tournament_id,
       seasons.season_id::bigint as sofasport_season_id, left(home.name, 100)::varchar(100) as home_team_name,
       left(away.name, 100)::varchar(100) as away_team_name, home_club.team_id::integer as home_team_id,
       away_club.team_id::integer as away_team_id, events.home_team_id::bigint as sofasport_home_team_id,
       events.away_team_id::bigint as sofasport_away_team_id,
       extract(epoch from events.start_at)::bigint as start_timestamp, events.start_at as kickoff_time,
       left(events.details -> 'status' ->> 'type', 50)::varchar(50) as match_status,
       events.home_score::integer as home_score_current, events.away_score::integer as away_score_current,
       events.home_score_period1::integer as home_score_period1,
       events.away_score_period1::integer as away_score_period1,
       webapp.integer_of(events.details -> 'homeScore', 'period2') as home_score_period2,
       webapp.integer_of(events.details -> 'awayScore', 'period2') as away_score_period2,
       left(home_side.formation, 20)::varchar(20) as home_formation,
       left(away_side.formation, 20)::varchar(20) as away_formation, counted.has_xg,
       counted.has_statistics as has_player_statistics, counted.has_heatmap,
       coalesce(home_side.confirmed and away_side.confirmed, false) as lineups_confirmed,
       events.details as raw_data
from pulse.sofasport_events as events
join webapp.current_season as current using (season)
left join pulse.sofasport_seasons as seasons using (season)
join pulse.sofasport_teams as home on home.team_id = events.home_team_id
join pulse.sofasport_teams as away on away.team_id = events.away_team_id
left join pulse.team_mappings as home_link on home_link.sofasport_team_id = events.home_team_id
left join pulse.team_mappings as away_link on away_link.sofasport_team_id = events.away_team_id
left join pulse.fpl_teams as home_club on home_club.season = events.season and home_club.code = home_link.fpl_team_code
left join pulse.fpl_teams as away_club on away_club.season = events.season and away_club.code = away_link.fpl_team_code
left join pulse.fixture_mappings as links on links.event_id = events.event_id and links.is_current
left join pulse.sofasport_lineups as home_side on home_side.event_id = events.event_id and home_side.side = 'home'
left join pulse.sofasport_lineups as away_side on away_side.event_id = events.event_id and away_side.side = 'away'
cross join lateral (
    select coalesce(bool_or(people.expected_goals is not null), false) as has_xg,
           coalesce(bool_or(people.minutes > 0), false) as has_statistics,
           exists (select from pulse.sofasport_heatmaps as heatmaps where heatmaps.event_id = events.event_id) as has_heatmap
    from pulse.sofasport_lineup_players as people
    where people.event_id = events.event_id
) as counted;

comment on view webapp.sofasport_fixtures is 'SofaSport''s events of the current season.';
comment on column webapp.sofasport_fixtures.raw_data is 'SofaSport''s event.';
