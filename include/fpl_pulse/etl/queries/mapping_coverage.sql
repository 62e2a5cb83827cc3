-- A subquery for a value is a look-up for each row. As `exists` the planner would join whole tables.
with played as (
    select fixtures.fixture_id,
           coalesce((
               select events.counts or events.is_awarded
               from pulse.fixture_mappings as mappings join pulse.judged_events as events using (event_id)
               where mappings.season = fixtures.season and mappings.fixture_id = fixtures.fixture_id
                 and mappings.is_current
           ), false) as has_ended_event
    from pulse.fpl_fixtures as fixtures
    where fixtures.season = %(season)s and fixtures.finished_provisional
), people as (
    select minutes, exists (select from pulse.player_mappings as links where links.fpl_code = players.code) as is_linked
    from pulse.fpl_players as players
    where players.season = %(season)s and players.position <= 4
)
select
    (select count(distinct teams.code) from pulse.fpl_teams as teams join pulse.team_mappings as links on links.fpl_team_code = teams.code
     where teams.season = %(season)s) as clubs_linked,
    (select count(*) from pulse.fpl_teams where season = %(season)s) as clubs,
    (select count(*) from pulse.fpl_fixtures where season = %(season)s) as fixtures,
    (select count(*) from pulse.fixture_mappings where season = %(season)s and is_current) as fixtures_with_event,
    (select count(*) from played) as played,
    (select count(*) from played where has_ended_event) as played_with_ended_event,
    (select count(*) from pulse.judged_events as events
     where events.season = %(season)s and events.counts and not events.is_awarded
       and (select lineups.event_id from pulse.sofasport_lineups as lineups
            where lineups.event_id = events.event_id limit 1) is null
    ) as matches_without_lineups,
    (select count(*) from people) as players,
    (select count(*) from people where is_linked) as players_linked,
    (select count(*) from people where minutes > 0) as with_minutes,
    (select count(*) from people where minutes > 0 and is_linked) as with_minutes_linked,
    (select count(distinct sofasport_id) from pulse.mapping_candidates
     where season = %(season)s and kind = 'player' and status = 'review') as players_in_review
