create view fpl.teams as
with results as (
    select fixtures.season, sides.code, sides.scored, sides.conceded
    from pulse.fpl_fixtures as fixtures
    cross join lateral (values
        (fixtures.home_team_code, fixtures.home_score, fixtures.away_score),
        (fixtures.away_team_code, fixtures.away_score, fixtures.home_score)) as sides (code, scored, conceded)
    where fixtures.finished_provisional and sides.scored is not null
), tables as (
    select season, code, count(*)::int as played, count(*) filter (where scored > conceded)::int as won,
           count(*) filter (where scored = conceded)::int as drawn, count(*) filter (where scored < conceded)::int as lost,
           sum(scored)::int as goals_for, sum(conceded)::int as goals_against
    from results
    group by season, code
), counted as (
    select teams.season, teams.name as team, teams.short_name, teams.code as team_code, teams.team_id,
           coalesce(tables.played, 0) as played, coalesce(tables.won, 0) as won, coalesce(tables.drawn, 0) as drawn,
           coalesce(tables.lost, 0) as lost, coalesce(tables.goals_for, 0) as goals_for,
           coalesce(tables.goals_against, 0) as goals_against,
           coalesce(3 * tables.won + tables.drawn, 0) as points
    from pulse.fpl_teams as teams
    left join tables on tables.season = teams.season and tables.code = teams.code
)
select counted.season, counted.team, counted.short_name,
       rank() over (partition by counted.season
                    order by points desc, goals_for - goals_against desc, goals_for desc)::int as rank,
       counted.played, counted.won, counted.drawn, counted.lost, counted.goals_for, counted.goals_against, counted.points,
       counted.team_code, counted.team_id, links.sofasport_team_id, sofasport.name as sofasport_name
from counted
left join lateral (
    select mappings.sofasport_team_id from pulse.team_mappings as mappings
    where mappings.fpl_team_code = counted.team_code order by mappings.sofasport_team_id limit 1
) as links on true
left join pulse.sofasport_teams as sofasport on sofasport.team_id = links.sofasport_team_id;

comment on view fpl.teams is 'Clubs with their place in the league table, from the results so far. One row for each season and club.';
comment on column fpl.teams.rank is 'By points, goal difference and goals scored.';
comment on column fpl.teams.team_code is 'FPL''s number of the club for life.';
comment on column fpl.teams.team_id is 'FPL''s number of the club in the season.';
comment on column fpl.teams.sofasport_name is 'Null while the club is not linked.';
