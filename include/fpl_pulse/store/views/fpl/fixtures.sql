create view fpl.fixtures as
select fixtures.season, fixtures.gameweek, fixtures.kickoff_at, home.name as home_team, away.name as away_team,
       fixtures.home_score, fixtures.away_score,
       case when fixtures.finished then 'final' when fixtures.finished_provisional then 'played'
            when fixtures.started then 'in play' when fixtures.kickoff_at is null then 'without a date'
            else 'scheduled' end as state,
       home_lineup.formation as home_formation, away_lineup.formation as away_formation,
       events.home_score as sofasport_home_score, events.away_score as sofasport_away_score,
       fixtures.fixture_id, fixtures.code as fixture_code, links.event_id, fixtures.home_team_code, fixtures.away_team_code
from pulse.fpl_fixtures as fixtures
join pulse.fpl_teams as home on home.season = fixtures.season and home.code = fixtures.home_team_code
join pulse.fpl_teams as away on away.season = fixtures.season and away.code = fixtures.away_team_code
left join pulse.fixture_mappings as links
    on links.season = fixtures.season and links.fixture_id = fixtures.fixture_id and links.is_current
left join pulse.sofasport_events as events on events.event_id = links.event_id
left join pulse.sofasport_lineups as home_lineup on home_lineup.event_id = links.event_id and home_lineup.side = 'home'
left join pulse.sofasport_lineups as away_lineup on away_lineup.event_id = links.event_id and away_lineup.side = 'away';

comment on view fpl.fixtures is 'Fixtures with the results of both sources. One row for each season and fixture.';
comment on column fpl.fixtures.gameweek is 'Null while a postponed fixture has no gameweek.';
comment on column fpl.fixtures.kickoff_at is 'Time from the source: kick-off.';
comment on column fpl.fixtures.state is 'without a date, scheduled, in play, played or final. Bonus points may still change until it is final.';
comment on column fpl.fixtures.event_id is 'SofaSport''s event that stands for the fixture.';
