-- Played fixtures whose current event differs from FPL in its day or score, and fixtures whose result was awarded.
select found.what, found.example
from pulse.fpl_fixtures as fixtures
join pulse.fpl_teams as home on home.season = fixtures.season and home.code = fixtures.home_team_code
join pulse.fpl_teams as away on away.season = fixtures.season and away.code = fixtures.away_team_code
join pulse.fixture_mappings as links
    on links.season = fixtures.season and links.fixture_id = fixtures.fixture_id and links.is_current
join pulse.judged_events as events on events.event_id = links.event_id
cross join lateral (values
    ('awarded', events.is_awarded,
     format('%%s-%%s %%s:%%s', home.short_name, away.short_name, events.home_score, events.away_score)),
    ('day', events.counts and fixtures.kickoff_at is not null
        and abs(extract(epoch from events.start_at - fixtures.kickoff_at)) > extract(epoch from %(most_apart)s::interval),
     format('%%s-%%s on %%s, FPL %%s', home.short_name, away.short_name,
            to_char(events.start_at at time zone 'UTC', 'YYYY-MM-DD'),
            to_char(fixtures.kickoff_at at time zone 'UTC', 'YYYY-MM-DD'))),
    ('score', events.counts and not events.is_awarded
        and array[events.home_score, events.away_score] is distinct from case
            -- The clubs have exchanged the venue.
            when (select clubs.fpl_team_code from pulse.team_mappings as clubs
                  where clubs.sofasport_team_id = events.home_team_id) = fixtures.away_team_code
            then array[fixtures.away_score, fixtures.home_score]
            else array[fixtures.home_score, fixtures.away_score] end,
     format('%%s-%%s %%s:%%s, FPL %%s:%%s', home.short_name, away.short_name, events.home_score, events.away_score,
            fixtures.home_score, fixtures.away_score))
) as found (what, holds, example)
where fixtures.season = %(season)s and fixtures.finished_provisional and found.holds
order by found.what, fixtures.kickoff_at, fixtures.fixture_id
