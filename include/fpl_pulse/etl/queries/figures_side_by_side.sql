-- Figures of SofaSport and FPL, for everybody with minutes in a played fixture that has minutes in both sources. Minutes
-- are always listed, goals and assists only where they differ. A player with minutes in one source only, or without a
-- link, has no value in the other. `counts`: the difference counts in the check. `is_differing`: any figure's does.
with enough_figures as (
    select fixture_id
    from pulse.fpl_player_fixtures
    where season = %(season)s and minutes > 0
    group by fixture_id
    having count(*) >= %(least_players)s
), compared as materialized (
    select mappings.fixture_id, mappings.event_id
    from pulse.fixture_mappings as mappings
    join pulse.fpl_fixtures as fixtures using (season, fixture_id)
    join pulse.sofasport_events as events using (event_id)
    join enough_figures using (fixture_id)
    join pulse.sofasport_lineups as lineups using (event_id)
    where mappings.season = %(season)s and mappings.is_current
      and fixtures.finished_provisional and pulse.has_ended(events.status_code)
      and lineups.with_minutes > 0
    group by mappings.fixture_id, mappings.event_id
    having count(*) = 2
), sofasport as (
    -- Two profiles of one person are one row, under the profile with more minutes.
    select compared.fixture_id, coalesce(links.fpl_code, 0) as fpl_code,
           (array_agg(players.player_id order by players.minutes desc, players.player_id))[1] as player_id,
           sum(players.minutes)::int as minutes, coalesce(sum(players.goals), 0)::int as goals,
           coalesce(sum(players.assists), 0)::int as assists
    from compared
    join pulse.sofasport_lineup_players as players using (event_id)
    left join pulse.player_mappings as links on links.sofasport_player_id = players.player_id
    where players.minutes > 0
    group by compared.fixture_id, links.fpl_code, case when links.fpl_code is null then players.player_id end
), official as (
    select fixture_id, figures.fpl_code, figures.minutes, figures.goals, figures.assists
    from compared
    join pulse.fpl_player_fixtures as figures using (fixture_id)
    where figures.season = %(season)s and figures.minutes > 0
), people as (
    select fixture_id, fpl_code,
           coalesce(sofasport.player_id, (
               select min(links.sofasport_player_id) from pulse.player_mappings as links
               where links.fpl_code = official.fpl_code), 0) as sofasport_player_id,
           sofasport.minutes, official.minutes as fpl_minutes,
           sofasport.goals, official.goals as fpl_goals,
           sofasport.assists, official.assists as fpl_assists,
           sofasport.minutes is not null and official.minutes is not null as played_on_both,
           abs(coalesce(sofasport.minutes, 0) - coalesce(official.minutes, 0)) > %(tolerance)s as other_minutes,
           coalesce(sofasport.goals, 0) <> coalesce(official.goals, 0) as other_goals
    from sofasport full join official using (fixture_id, fpl_code)
)
select people.fixture_id, compared.event_id, people.fpl_code, people.sofasport_player_id,
       figures.figure, figures.sofasport_value, figures.fpl_value,
       figures.sofasport_value is distinct from figures.fpl_value as differs, figures.counts,
       people.other_minutes or people.other_goals as is_differing
from people
join compared using (fixture_id)
cross join lateral (values
    -- A goal of a player whom the other source lacks counts in the row of the minutes.
    ('minutes', people.minutes, people.fpl_minutes,
     people.other_minutes or (people.other_goals and not people.played_on_both)),
    ('goals', people.goals, people.fpl_goals, true),
    ('assists', people.assists, people.fpl_assists, false)
) as figures (figure, sofasport_value, fpl_value, counts)
where figures.figure = 'minutes' or figures.sofasport_value <> figures.fpl_value
