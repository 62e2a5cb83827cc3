-- Gameweeks that were not read in this week and in which a player played whose figures do not add up to FPL's totals of
-- the season: FPL may have corrected them since, or they were wrong. A figure that could not be split has no sum.
with totals as materialized (
    select figures.element_id, sum(figures.minutes) as minutes, sum(figures.goals) as goals,
           sum(figures.assists) as assists, sum(figures.bonus) as bonus,
           case when count(*) = count(figures.bps) then sum(figures.bps) end as bps,
           case when count(*) = count(figures.expected_goals) then sum(figures.expected_goals) end as expected_goals,
           case when count(*) = count(figures.expected_assists) then sum(figures.expected_assists) end as expected_assists
    from pulse.fpl_player_fixtures as figures
    where figures.season = %(season)s
    group by figures.element_id
), differing as materialized (
    select totals.element_id
    from totals
    join pulse.fpl_players as players on players.season = %(season)s and players.element_id = totals.element_id
    where totals.minutes <> players.minutes or totals.goals <> players.goals or totals.assists <> players.assists
       or totals.bonus::text <> players.details ->> 'bonus'
       or totals.bps::text <> players.details ->> 'bps'
       or abs(totals.expected_goals - substring(players.details ->> 'expected_goals' from '^[0-9]+[.]?[0-9]*$')::numeric) > 0.05
       or abs(totals.expected_assists - substring(players.details ->> 'expected_assists' from '^[0-9]+[.]?[0-9]*$')::numeric) > 0.05
), doubtful as materialized (
    select distinct figures.gameweek
    from pulse.fpl_player_fixtures as figures
    where figures.season = %(season)s and figures.minutes > 0
      and figures.element_id in (select element_id from differing)
)
select doubtful.gameweek
from doubtful
join pulse.raw_resources as resources
    on resources.endpoint = 'fpl/event/live' and resources.event_id is null and resources.season_id is null
    and resources.season = %(season)s and resources.gameweek = doubtful.gameweek
where resources.as_of < %(as_of)s - interval '4 days'
order by doubtful.gameweek
