-- Fixtures of two linked clubs that have no current event, a played one without a result, or an event with another kick-off,
-- venue or score.
with now_missed as (
    select fixtures.season, fixtures.fixture_id
    from pulse.fpl_fixtures as fixtures
    left join pulse.fixture_mappings as links
        on links.season = fixtures.season and links.fixture_id = fixtures.fixture_id and links.is_current
    left join pulse.judged_events as events on events.event_id = links.event_id
    left join pulse.team_mappings as clubs on clubs.sofasport_team_id = events.home_team_id
    where fixtures.season = %(season)s
      and fixtures.kickoff_at is not null
      and (select count(*) from pulse.team_mappings as clubs
           where clubs.fpl_team_code in (fixtures.home_team_code, fixtures.away_team_code)) >= 2
      and (
          events.event_id is null
          or events.start_at is null
          or abs(extract(epoch from events.start_at - fixtures.kickoff_at)) > extract(epoch from %(same)s::interval)
          or (fixtures.finished_provisional and not events.counts and not events.is_awarded)
          or (fixtures.finished_provisional and not events.is_awarded
              and (clubs.fpl_team_code <> fixtures.home_team_code
                   or (events.home_score, events.away_score) is distinct from (fixtures.home_score, fixtures.away_score))))
), forgotten as (
    delete from pulse.missed_fixtures as missed
    where missed.season = %(season)s and missed.fixture_id not in (select fixture_id from now_missed)
)
insert into pulse.missed_fixtures (season, fixture_id, missed_since)
select season, fixture_id, %(as_of)s from now_missed
on conflict (season, fixture_id) do nothing
