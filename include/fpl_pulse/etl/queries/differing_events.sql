-- Played fixtures whose current event differs from FPL in its day, venue or score, fixtures that FPL has not begun and
-- whose event has ended, and fixtures whose result was awarded.
-- `is_confirmed`: SofaSport listed the event in the same way in another week.
select found.what, found.example,
       coalesce(missed.searched_as_of - missed.missed_since >= %(confirmed_after)s, false) as is_confirmed
from pulse.fpl_fixtures as fixtures
join pulse.fpl_teams as home on home.season = fixtures.season and home.code = fixtures.home_team_code
join pulse.fpl_teams as away on away.season = fixtures.season and away.code = fixtures.away_team_code
join pulse.fixture_mappings as links
    on links.season = fixtures.season and links.fixture_id = fixtures.fixture_id and links.is_current
join pulse.judged_events as events on events.event_id = links.event_id
left join pulse.team_mappings as clubs on clubs.sofasport_team_id = events.home_team_id
left join pulse.missed_fixtures as missed on missed.season = fixtures.season and missed.fixture_id = fixtures.fixture_id
cross join lateral (values
    ('awarded', events.is_awarded,
     format('%%s-%%s %%s:%%s', home.short_name, away.short_name, events.home_score, events.away_score)),
    ('day', events.counts and fixtures.kickoff_at is not null
        and abs(extract(epoch from events.start_at - fixtures.kickoff_at)) > extract(epoch from %(most_apart)s::interval),
     format('%%s-%%s on %%s, FPL %%s', home.short_name, away.short_name,
            to_char(events.start_at at time zone 'UTC', 'YYYY-MM-DD'),
            to_char(fixtures.kickoff_at at time zone 'UTC', 'YYYY-MM-DD'))),
    ('venue', events.counts and clubs.fpl_team_code <> fixtures.home_team_code,
     format('%%s at home to %%s, FPL the other way round', away.short_name, home.short_name)),
    -- A run that is cleared after a later one may know more of SofaSport than of FPL.
    ('end', events.counts and not events.is_awarded and not fixtures.started and not exists (
        select from pulse.pipeline_runs as later where later.as_of > %(as_of)s),
     format('%%s-%%s', home.short_name, away.short_name)),
    ('id', events.counts and exists (
        select from pulse.fixture_mappings as other_links
        join pulse.sofasport_events as others using (event_id)
        where other_links.season = fixtures.season and other_links.fixture_id = fixtures.fixture_id
          and others.event_id <> events.event_id and pulse.has_ended(others.status_code)
          and others.start_at between events.start_at - interval '1 day' and events.start_at + interval '1 day'),
     format('%%s-%%s, of which %%s counts', home.short_name, away.short_name, events.event_id)),
    ('score', events.counts and not events.is_awarded and clubs.fpl_team_code = fixtures.home_team_code
        and (events.home_score, events.away_score) is distinct from (fixtures.home_score, fixtures.away_score),
     format('%%s-%%s %%s:%%s, FPL %%s:%%s', home.short_name, away.short_name, events.home_score, events.away_score,
            fixtures.home_score, fixtures.away_score))
) as found (what, holds, example)
where fixtures.season = %(season)s and (fixtures.finished_provisional or found.what = 'end') and found.holds
order by found.what, fixtures.kickoff_at, fixtures.fixture_id
