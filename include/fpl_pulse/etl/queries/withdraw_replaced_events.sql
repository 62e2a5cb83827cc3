-- Delete stored events that pages of events should name and do not, where they list another event of the same clubs. A
-- match has one event; the other one was withdrawn. An event with lineups stays until the listed one has lineups too,
-- because they may not be available again; but an earlier event that is listed again (SofaSport numbers events in their
-- order) takes the place of a later one at once.
with listed as (
    select * from pulse.sofasport_events where event_id = any(%(listed)s)
), span as (
    select season, min(start_at) as first_at, max(start_at) as last_at from listed group by season
), with_minutes as materialized (
    select event_id from pulse.sofasport_lineups
    where with_minutes > 0 and event_id in (
        select event_id from pulse.sofasport_events where season in (select season from span))
), replaced as materialized (
    select events.event_id
    from span
    join pulse.sofasport_events as events
        on events.season = span.season and events.start_at between span.first_at and span.last_at
    where events.event_id <> all(%(named)s)
      and exists (
          select from listed
          where (listed.home_team_id, listed.away_team_id) = (events.home_team_id, events.away_team_id)
            and listed.start_at between events.start_at - interval '1 day' and events.start_at + interval '1 day'
            and (events.event_id not in (select event_id from with_minutes)
                 or listed.event_id in (select event_id from with_minutes)
                 or (listed.event_id < events.event_id and pulse.has_ended(listed.status_code))))
), heatmaps as (
    delete from pulse.sofasport_heatmaps where event_id in (select event_id from replaced)
), players as (
    delete from pulse.sofasport_lineup_players where event_id in (select event_id from replaced)
), lineups as (
    delete from pulse.sofasport_lineups where event_id in (select event_id from replaced)
), reconciliations as (
    delete from pulse.fixture_reconciliations where event_id in (select event_id from replaced)
), unlinked as (
    delete from pulse.fixture_mappings where event_id in (select event_id from replaced)
)
delete from pulse.sofasport_events where event_id in (select event_id from replaced)
