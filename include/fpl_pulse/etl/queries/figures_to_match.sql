-- FPL's official minutes and goals in the season's finished fixtures with figures of enough players.
with played as (
    select fixture_id, fpl_code, minutes, goals, count(*) over (partition by fixture_id) as players
    from pulse.fpl_player_fixtures
    where season = %(season)s and minutes > 0
)
select fixture_id, played.fpl_code, played.minutes, played.goals, fixtures.kickoff_at
from played
join pulse.fpl_fixtures as fixtures using (fixture_id)
where fixtures.season = %(season)s and fixtures.finished_provisional and played.players >= %(least_players)s
