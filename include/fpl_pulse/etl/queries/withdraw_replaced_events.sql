-- Delete stored events that pages of events should list and do not, where they list another event of the same clubs. A
-- match has one event; the other one was withdrawn. Events with lineups stay, because lineups may not be available again.
with listed as (
    select * from pulse.sofasport_events where event_id = any(%(listed)s)
), span as (
    select season, min(start_at) as first_at, max(start_at) as last_at from listed group by season
), replaced as (
    select events.event_id
    from span
    join pulse.sofasport_events as events
        on events.season = span.season and events.start_at between span.first_at and span.last_at
    where events.event_id <> all(%(listed)s)
      and exists (
          select from listed
          where (listed.home_team_id, listed.away_team_id) = (events.home_team_id, events.away_team_id)
            and listed.start_at between events.start_at - interval '1 day' and events.start_at + interval '1 day')
      and not exists (select from pulse.sofasport_lineups as lineups where lineups.event_id = events.event_id)
), unlinked as (
    delete from pulse.fixture_mappings where event_id in (select event_id from replaced)
)
delete from pulse.sofasport_events where event_id in (select event_id from replaced)
