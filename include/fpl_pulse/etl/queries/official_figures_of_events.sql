-- FPL's official figures of everybody with minutes in the fixtures of events; none of a fixture of which FPL lacks some.
with played as (
    select links.event_id, figures.fpl_code, figures.minutes, figures.goals,
           count(*) over (partition by links.event_id) as players
    from pulse.fixture_mappings as links
    join pulse.fpl_fixtures as fixtures using (season, fixture_id)
    join pulse.fpl_player_fixtures as figures using (season, fixture_id)
    where links.event_id = any(%(event_ids)s) and links.is_current and fixtures.finished_provisional and figures.minutes > 0
)
select event_id, fpl_code, minutes, goals from played where players >= %(least_players)s
