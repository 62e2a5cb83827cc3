select events.event_id as id,
       prefix.words || format('%%s–%%s', coalesce(home.short_name, home.name), coalesce(away.short_name, away.name)) as name,
       prefix.words || format('%%s–%%s', coalesce(home.name_code, home.short_name, home.name),
                              coalesce(away.name_code, away.short_name, away.name)) as code
from pulse.sofasport_events as events
join pulse.sofasport_teams as home on home.team_id = events.home_team_id
join pulse.sofasport_teams as away on away.team_id = events.away_team_id
left join pulse.fixture_mappings as mappings using (event_id)
left join pulse.fpl_fixtures as fixtures on fixtures.season = mappings.season and fixtures.fixture_id = mappings.fixture_id
cross join lateral (select coalesce('GW' || fixtures.gameweek || ' ', '') as words) as prefix
where events.event_id = any(%(ids)s)
