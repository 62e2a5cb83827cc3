create view webapp.fixtures as
select current.observed_at as created_at, fixtures.updated_at, fixtures.fixture_id as id,
       fixtures.code::integer as code, fixtures.gameweek::integer as event, fixtures.finished,
       fixtures.finished_provisional, fixtures.kickoff_at as kickoff_time,
       coalesce(fixtures.minutes, 0)::integer as minutes,
       coalesce(webapp.boolean_of(fixtures.details, 'provisional_start_time'), false) as provisional_start_time,
       fixtures.started, away.team_id::integer as team_a, home.team_id::integer as team_h,
       fixtures.away_score::integer as team_a_score, fixtures.home_score::integer as team_h_score,
       case when jsonb_typeof(fixtures.details -> 'stats') = 'array' then fixtures.details -> 'stats' else '[]' end as stats,
       webapp.integer_of(fixtures.details, 'team_a_difficulty') as team_a_difficulty,
       webapp.integer_of(fixtures.details, 'team_h_difficulty') as team_h_difficulty,
       webapp.integer_of(fixtures.details, 'pulse_id') as pulse_id
from pulse.fpl_fixtures as fixtures
join webapp.current_season as current using (season)
join pulse.fpl_teams as home on home.season = fixtures.season and home.code = fixtures.home_team_code
join pulse.fpl_teams as away on away.season = fixtures.season and away.code = fixtures.away_team_code;

comment on view webapp.fixtures is 'FPL''s fixtures of the current season.';
comment on column webapp.fixtures.stats is 'List of FPL''s statistics of the match.';
