with sides as (
    select players.event_id, players.side,
           sum(players.goals) filter (where players.minutes > 0) as goals,
           sum(players.own_goals) filter (where players.minutes > 0) as own_goals
    from pulse.judged_events as events
    join pulse.sofasport_lineup_players as players using (event_id)
    where events.season = %(season)s and events.counts
    group by players.event_id, players.side
), matches as (
    select events.event_id, named.match, events.start_at, events.is_awarded,
           format(' with %%s at home and %%s away', home.starters, away.starters) as starters,
           home.event_id is not null and away.event_id is not null as has_lineups,
           home.confirmed and away.confirmed as confirmed,
           home.starters = %(starters)s and away.starters = %(starters)s as full_sides,
           home.with_minutes > 0 and away.with_minutes > 0 as has_statistics,
           (home_sum.goals + away_sum.own_goals = events.home_score
               and away_sum.goals + home_sum.own_goals = events.away_score)
               -- SofaSport has an awarded score, and FPL the score of the match that was played.
               or ((events.home_score, events.away_score) in ((3, 0), (0, 3))
                   and home_sum.goals + away_sum.own_goals = fixtures.home_score
                   and away_sum.goals + home_sum.own_goals = fixtures.away_score) as adds_up
    from pulse.judged_events as events
    join pulse.event_gameweeks as named using (event_id)
    left join pulse.sofasport_lineups as home on home.event_id = events.event_id and home.side = 'home'
    left join pulse.sofasport_lineups as away on away.event_id = events.event_id and away.side = 'away'
    left join pulse.fpl_fixtures as fixtures
        on fixtures.season = events.season and fixtures.fixture_id = events.fixture_id
    left join sides as home_sum on home_sum.event_id = events.event_id and home_sum.side = 'home'
    left join sides as away_sum on away_sum.event_id = events.event_id and away_sum.side = 'away'
    where events.season = %(season)s and events.counts and events.start_at < %(as_of)s
)
select event_id, match || case when has_lineups and confirmed and not full_sides then starters else '' end as match,
    start_at < %(as_of)s - %(settling)s as is_settled,
    exists (
        select from pulse.planned_calls as plan
        where plan.dag_id = %(dag_id)s and plan.run_id = %(run_id)s and plan.outcome = 'skipped'
          and plan.event_id = matches.event_id
    ) as is_skipped,
    is_awarded,
    case
        when not has_lineups then 'have no lineups'
        when not confirmed then 'have no confirmed lineups'
        when not full_sides then 'do not have ' || %(starters)s || ' starters on each side'
        when not has_statistics then 'have no statistics'
        when adds_up is not true then 'have goals that do not add up to the score'
    end as problem
from matches
order by start_at, event_id
