select format('%%s%%s–%%s', 'GW' || fixtures.gameweek || ' ', coalesce(home.short_name, home.name),
              coalesce(away.short_name, away.name)) as words
from pulse.sofasport_events as events
join pulse.sofasport_teams as home on home.team_id = events.home_team_id
join pulse.sofasport_teams as away on away.team_id = events.away_team_id
left join pulse.fixture_mappings as mappings using (event_id)
left join pulse.fpl_fixtures as fixtures on fixtures.season = mappings.season and fixtures.fixture_id = mappings.fixture_id
where events.event_id = %(event_id)s
