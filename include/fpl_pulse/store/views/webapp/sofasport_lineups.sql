-- The id is made of the event's and the player's, so it stays the same. Below 9e15 it is exact in JavaScript as well.
create view webapp.sofasport_lineups as
select 100000000::bigint * people.event_id + people.player_id as id, people.observed_at as created_at,
       people.updated_at, people.player_id::bigint as sofasport_player_id, players.element_id as athlete_id,
       people.event_id::bigint as fixture_id, clubs.team_id::integer as team_id,
       people.team_id::bigint as sofasport_team_id, left(people.position, 10)::varchar(10) as position,
       people.shirt_number::integer as shirt_number, not people.is_starter as substitute,
       people.minutes::integer as minutes_played, people.statistics,
       left(profiles.name, 200)::varchar(200) as player_name, left(profiles.slug, 200)::varchar(200) as player_slug
from pulse.sofasport_lineup_players as people
join pulse.fixture_mappings as links on links.event_id = people.event_id and links.is_current
join webapp.current_season as current using (season)
join pulse.player_mappings as linked on linked.sofasport_player_id = people.player_id
join pulse.fpl_players as players on players.season = links.season and players.code = linked.fpl_code
join pulse.fpl_fixtures as fixtures on fixtures.season = links.season and fixtures.fixture_id = links.fixture_id
join pulse.fpl_teams as clubs
    on clubs.season = links.season
       and clubs.code = case people.side when 'home' then fixtures.home_team_code else fixtures.away_team_code end
join pulse.sofasport_players as profiles on profiles.player_id = people.player_id;

comment on view webapp.sofasport_lineups is 'Linked players in the lineups of the current season.';
comment on column webapp.sofasport_lineups.statistics is 'SofaSport''s statistics of the player in the match.';
