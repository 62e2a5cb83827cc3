-- FPL's official figures of everybody with minutes in the fixture of an event; none while FPL lacks some of them.
with played as (
    select figures.fpl_code, figures.minutes, figures.goals, count(*) over () as players
    from pulse.fixture_mappings as links
    join pulse.fpl_fixtures as fixtures using (season, fixture_id)
    join pulse.fpl_player_fixtures as figures using (season, fixture_id)
    where links.event_id = %(event_id)s and links.is_current and fixtures.finished_provisional and figures.minutes > 0
)
select fpl_code, minutes, goals from played where players >= %(least_players)s
