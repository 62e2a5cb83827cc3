-- Gameweeks whose official figures are contradicted, and that were not read in this week: they may be wrong, or FPL has
-- corrected them since. Either they differ from SofaSport's, or a player played whose figures do not add up to FPL's totals
-- of the season. (A figure that could not be split has no sum.) Where they differ from SofaSport's, the gameweeks of the
-- last two weeks are read once a run.
with totals as materialized (
    select figures.element_id, sum(figures.minutes) as minutes, sum(figures.goals) as goals,
           sum(figures.assists) as assists, sum(figures.bonus) as bonus,
           case when count(*) = count(figures.bps) then sum(figures.bps) end as bps,
           case when count(*) = count(figures.expected_goals) then sum(figures.expected_goals) end as expected_goals,
           case when count(*) = count(figures.expected_assists) then sum(figures.expected_assists) end as expected_assists
    from pulse.fpl_player_fixtures as figures
    where figures.season = %(season)s
    group by figures.element_id
), not_adding_up as materialized (
    select totals.element_id
    from totals
    join pulse.fpl_players as players on players.season = %(season)s and players.element_id = totals.element_id
    where totals.minutes <> players.minutes or totals.goals <> players.goals or totals.assists <> players.assists
       or totals.bonus::text <> players.details ->> 'bonus'
       or totals.bps::text <> players.details ->> 'bps'
       or abs(totals.expected_goals - substring(players.details ->> 'expected_goals' from '^[0-9]+[.]?[0-9]*$')::numeric) > 0.05
       or abs(totals.expected_assists - substring(players.details ->> 'expected_assists' from '^[0-9]+[.]?[0-9]*$')::numeric) > 0.05
), doubtful as materialized (
    select figures.gameweek, false as is_recent
    from pulse.fpl_player_fixtures as figures
    where figures.season = %(season)s and figures.minutes > 0
      and figures.element_id in (select element_id from not_adding_up)
    union
    select fixtures.gameweek, fixtures.kickoff_at > %(as_of)s - interval '14 days'
    from pulse.figure_differences as differences
    join pulse.fpl_fixtures as fixtures using (season, fixture_id)
    where differences.season = %(season)s and differences.counts
)
select doubtful.gameweek
from doubtful
join pulse.raw_resources as resources
    on resources.endpoint = 'fpl/event/live' and resources.event_id is null and resources.season_id is null
    and resources.season = %(season)s and resources.gameweek = doubtful.gameweek
group by doubtful.gameweek, resources.as_of
having resources.as_of < %(as_of)s - interval '4 days' or (resources.as_of < %(as_of)s and bool_or(is_recent))
order by doubtful.gameweek
