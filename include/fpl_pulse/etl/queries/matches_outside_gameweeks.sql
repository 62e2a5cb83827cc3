-- Chosen matches that are in none of the chosen gameweeks: the two choices together exclude these matches.
select chosen.event_id, fixtures.gameweek
from unnest(%(matches)s::int[]) as chosen (event_id)
left join pulse.fixture_mappings as mappings using (event_id)
left join pulse.fpl_fixtures as fixtures on fixtures.season = mappings.season and fixtures.fixture_id = mappings.fixture_id
where coalesce(fixtures.gameweek <> all(%(gameweeks)s::int[]), %(gameweeks)s::int[] is not null)
order by chosen.event_id
