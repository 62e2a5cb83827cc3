-- The fixtures of a season as `fixtures/` states them: the gameweek, and the figures of the players of played ones.
select fixture_id, gameweek, finished, details -> 'stats' as stats
from pulse.fpl_fixtures
where season = %(season)s
