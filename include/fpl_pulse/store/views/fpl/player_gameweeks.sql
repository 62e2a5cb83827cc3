create view fpl.player_gameweeks as
select matches.season, matches.gameweek, players.web_name as player, fpl.position_name(players.position) as position,
       teams.name as team, matches.matches, matches.opponents, matches.price,
       matches.minutes, matches.starts, matches.points, matches.goals, matches.assists, matches.expected_goals,
       matches.expected_assists, matches.expected_goal_involvements, matches.expected_goals_conceded, matches.clean_sheets,
       matches.goals_conceded, matches.saves, matches.own_goals, matches.penalties_saved, matches.penalties_missed,
       matches.yellow_cards, matches.red_cards, matches.bonus, matches.bps, matches.defensive_contribution,
       matches.rating, matches.sofasport_minutes, matches.sofasport_goals, matches.sofasport_assists,
       matches.sofasport_expected_goals, matches.sofasport_expected_assists, matches.shots, matches.shots_on_target,
       matches.key_passes, matches.passes, matches.accurate_passes, matches.touches,
       matches.code, matches.element_id, matches.fixture_ids
from (
    select matches.season, fixtures.gameweek, matches.fpl_code as code, matches.element_id, count(*)::int as matches,
           array_agg(fixtures.fixture_id order by fixtures.kickoff_at, fixtures.fixture_id) as fixture_ids,
           array_agg(case when matches.team_code = fixtures.home_team_code then away.name || ' (home)'
                          when matches.team_code = fixtures.away_team_code then home.name || ' (away)'
                          else home.name || '-' || away.name end
                     order by fixtures.kickoff_at, fixtures.fixture_id) as opponents,
           (array_agg(matches.team_code order by fixtures.kickoff_at desc) filter (where matches.team_code is not null))[1]
               as team_code,
           ((array_agg(matches.price order by fixtures.kickoff_at))[1] / 10.0)::numeric(4, 1) as price,
           sum(matches.minutes)::int as minutes, sum(matches.starts)::int as starts, sum(matches.total_points)::int as points,
           sum(matches.goals)::int as goals, sum(matches.assists)::int as assists,
           sum(matches.expected_goals) as expected_goals, sum(matches.expected_assists) as expected_assists,
           sum(matches.expected_goal_involvements) as expected_goal_involvements,
           sum(matches.expected_goals_conceded) as expected_goals_conceded, sum(matches.clean_sheets)::int as clean_sheets,
           sum(matches.goals_conceded)::int as goals_conceded, sum(matches.saves)::int as saves,
           sum(matches.own_goals)::int as own_goals, sum(matches.penalties_saved)::int as penalties_saved,
           sum(matches.penalties_missed)::int as penalties_missed, sum(matches.yellow_cards)::int as yellow_cards,
           sum(matches.red_cards)::int as red_cards, sum(matches.bonus)::int as bonus, sum(matches.bps)::int as bps,
           sum(matches.defensive_contribution)::int as defensive_contribution,
           avg(matches.rating)::numeric(4, 2) as rating, sum(matches.sofasport_minutes)::int as sofasport_minutes,
           sum(matches.sofasport_goals)::int as sofasport_goals, sum(matches.sofasport_assists)::int as sofasport_assists,
           sum(matches.sofasport_expected_goals) as sofasport_expected_goals,
           sum(matches.sofasport_expected_assists) as sofasport_expected_assists, sum(matches.shots)::int as shots,
           sum(matches.shots_on_target)::int as shots_on_target, sum(matches.key_passes)::int as key_passes,
           sum(matches.passes)::int as passes, sum(matches.accurate_passes)::int as accurate_passes,
           sum(matches.touches)::int as touches
    from pulse.player_matches as matches
    join pulse.fpl_fixtures as fixtures on fixtures.season = matches.season and fixtures.fixture_id = matches.fixture_id
    join pulse.fpl_teams as home on home.season = fixtures.season and home.code = fixtures.home_team_code
    join pulse.fpl_teams as away on away.season = fixtures.season and away.code = fixtures.away_team_code
    where fixtures.gameweek is not null
    group by matches.season, fixtures.gameweek, matches.fpl_code, matches.element_id
) as matches
join pulse.fpl_players as players on players.season = matches.season and players.element_id = matches.element_id
left join pulse.fpl_teams as teams on teams.season = matches.season and teams.code = matches.team_code;

comment on view fpl.player_gameweeks is 'A player''s gameweek: the sums of all matches, two in a double gameweek. One row for each season, gameweek and player.';
comment on column fpl.player_gameweeks.matches is 'Matches of the player''s club in the gameweek.';
comment on column fpl.player_gameweeks.opponents is 'Opponents in the order of kick-off, each with the venue.';
comment on column fpl.player_gameweeks.price is 'Price at the first kick-off in millions of pounds, see player_matches.';
comment on column fpl.player_gameweeks.rating is 'Mean of the ratings.';
comment on column fpl.player_gameweeks.fixture_ids is 'The matches, for player_matches and heatmap_points.';
