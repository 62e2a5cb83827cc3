select left(position, 1) as position, shirt_number, is_starter, minutes, team, statistics, fixture_id, event_id,
       kickoff_at, opponent, venue, rating, gameweek, code
from fpl.match_statistics
where season = %(season)s and gameweek = %(gameweek)s and code = %(code)s
order by kickoff_at, fixture_id
