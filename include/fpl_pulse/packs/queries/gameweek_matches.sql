-- The matches of a gameweek, by kick-off, with SofaSport's event.
select fixture_id, kickoff_at, home_team, away_team, home_score, away_score, state, event_id
from fpl.fixtures
where season = %(season)s and gameweek = %(gameweek)s
order by kickoff_at, fixture_id
