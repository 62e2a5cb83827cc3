create view fpl.review_queue as
select candidates.season, candidates.kind,
       case candidates.kind when 'team' then teams.name when 'player' then people.name
            else concat_ws('-', home.name, away.name) end as sofasport_name,
       case candidates.kind when 'team' then clubs.name when 'player' then players.web_name
            else concat_ws('-', home_club.name, away_club.name) end as fpl_name,
       player_club.name as team, people.birth_date as sofasport_birth_date, players.birth_date as fpl_birth_date,
       candidates.confidence, candidates.evidence, candidates.sofasport_id, candidates.fpl_id
from pulse.mapping_candidates as candidates
left join pulse.sofasport_teams as teams on candidates.kind = 'team' and teams.team_id = candidates.sofasport_id
left join pulse.sofasport_players as people on candidates.kind = 'player' and people.player_id = candidates.sofasport_id
left join pulse.sofasport_events as events on candidates.kind = 'fixture' and events.event_id = candidates.sofasport_id
left join pulse.sofasport_teams as home on home.team_id = events.home_team_id
left join pulse.sofasport_teams as away on away.team_id = events.away_team_id
left join pulse.fpl_teams as clubs
    on candidates.kind = 'team' and clubs.season = candidates.season and clubs.code = candidates.fpl_id
left join pulse.fpl_players as players
    on candidates.kind = 'player' and players.season = candidates.season and players.code = candidates.fpl_id
left join pulse.fpl_teams as player_club on player_club.season = players.season and player_club.code = players.team_code
left join pulse.fpl_fixtures as fixtures
    on candidates.kind = 'fixture' and fixtures.season = candidates.season and fixtures.fixture_id = candidates.fpl_id
left join pulse.fpl_teams as home_club
    on home_club.season = fixtures.season and home_club.code = fixtures.home_team_code
left join pulse.fpl_teams as away_club
    on away_club.season = fixtures.season and away_club.code = fixtures.away_team_code
where candidates.status = 'review';

comment on view fpl.review_queue is 'Doubtful links between SofaSport and FPL, which wait for more evidence or a decision. One row for each pair.';
comment on column fpl.review_queue.kind is 'team, player or fixture.';
comment on column fpl.review_queue.team is 'Club of the FPL player.';
comment on column fpl.review_queue.evidence is 'What speaks for the link, in words.';
comment on column fpl.review_queue.confidence is '0-1.';
