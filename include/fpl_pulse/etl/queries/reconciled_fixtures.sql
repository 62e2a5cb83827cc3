-- Every fixture played before the run's as-of time, with the players whose figures differ and examples such as
-- "Salah minutes 90/60". `doubtful`: linked players who differ although FPL has finished the fixture, until SofaSport has
-- repeated its figures in another week. An operator who forced a response accepts its figures. The counts are null until the fixture is reconciled. `lacks_official`: it waits for FPL's
-- figures only (the query lineup_coverage reports missing lineups).
select format('GW%%s %%s-%%s', coalesce(fixtures.gameweek::text, '?'), home.short_name, away.short_name) as fixture,
       fixtures.kickoff_at < %(as_of)s - %(settling)s as is_settled,
       reconciled.players, reconciled.differing,
       case when fixtures.finished and not coalesce((
           select responses.forced or resources.as_of - responses.as_of >= %(confirmed_after)s
           from pulse.raw_resources as resources
           join pulse.raw_responses as responses using (response_id)
           where resources.endpoint = 'events/lineups' and resources.event_id = reconciled.event_id), true)
       then (
           select count(distinct differences.fpl_code) from pulse.figure_differences as differences
           where differences.season = fixtures.season and differences.fixture_id = fixtures.fixture_id
             and differences.counts and differences.fpl_code > 0 and differences.sofasport_player_id > 0)
       else 0 end as doubtful,
       reconciled.fixture_id is null and 2 = (
           select count(*) from pulse.fixture_mappings as mappings
           join pulse.judged_events as events using (event_id)
           join pulse.sofasport_lineups as lineups using (event_id)
           where mappings.season = fixtures.season and mappings.fixture_id = fixtures.fixture_id and mappings.is_current
             and events.counts and not events.is_awarded and lineups.with_minutes > 0) as lacks_official,
       array(
           select format('%%s %%s %%s/%%s', coalesce(players.web_name, people.name, 'somebody'), differences.figure,
                         coalesce(differences.sofasport_value::text, 'none'),
                         coalesce(differences.fpl_value::text, 'none'))
           from pulse.figure_differences as differences
           left join pulse.fpl_players as players
               on players.season = differences.season and players.code = differences.fpl_code
           left join pulse.sofasport_players as people on people.player_id = differences.sofasport_player_id
           where differences.season = fixtures.season and differences.fixture_id = fixtures.fixture_id
             and differences.counts
           order by 1) as examples
from pulse.fpl_fixtures as fixtures
join pulse.fpl_teams as home on home.season = fixtures.season and home.code = fixtures.home_team_code
join pulse.fpl_teams as away on away.season = fixtures.season and away.code = fixtures.away_team_code
left join pulse.fixture_reconciliations as reconciled
    on reconciled.season = fixtures.season and reconciled.fixture_id = fixtures.fixture_id
where fixtures.season = %(season)s and fixtures.finished_provisional and fixtures.kickoff_at < %(as_of)s
order by fixtures.kickoff_at, fixtures.fixture_id
