-- The as-of time of the run that last fetched a lineup or heatmap of each gameweek.
select fixtures.gameweek, max(resources.as_of) as as_of
from pulse.raw_resources as resources
join pulse.fixture_mappings as links on links.event_id = resources.event_id
join pulse.fpl_fixtures as fixtures on fixtures.season = links.season and fixtures.fixture_id = links.fixture_id
where links.season = %(season)s and fixtures.gameweek is not null
group by fixtures.gameweek
