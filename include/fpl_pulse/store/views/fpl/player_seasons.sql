create view fpl.player_seasons as
select matches.season, players.web_name as player, fpl.position_name(players.position) as position, teams.name as team,
       (players.now_cost / 10.0)::numeric(4, 1) as price, matches.matches, matches.starts, matches.minutes, matches.points,
       matches.goals, matches.assists, matches.expected_goals, matches.expected_assists, matches.expected_goal_involvements,
       matches.clean_sheets, matches.goals_conceded, matches.saves, matches.yellow_cards, matches.red_cards, matches.bonus,
       matches.defensive_contribution, matches.rating, matches.shots, matches.shots_on_target, matches.key_passes,
       matches.passes, matches.accurate_passes, matches.touches, matches.duels_won, matches.interceptions, matches.clearances,
       per_90.points_per_90, per_90.goals_per_90, per_90.assists_per_90, per_90.expected_goals_per_90,
       per_90.expected_assists_per_90, per_90.expected_goal_involvements_per_90, per_90.defensive_contribution_per_90,
       per_90.saves_per_90, per_90.shots_per_90, per_90.key_passes_per_90, per_90.touches_per_90,
       matches.sofasport_minutes, matches.sofasport_goals, matches.sofasport_assists, matches.sofasport_expected_goals,
       matches.sofasport_expected_assists, statistics.rating as sofasport_season_rating,
       matches.code, matches.element_id, statistics.player_id as sofasport_player_id
from (
    select season, fpl_code as code, element_id, count(*) filter (where minutes > 0)::int as matches,
           sum(starts)::int as starts, sum(minutes)::int as minutes, sum(total_points)::int as points,
           sum(goals)::int as goals, sum(assists)::int as assists, sum(expected_goals) as expected_goals,
           sum(expected_assists) as expected_assists, sum(expected_goal_involvements) as expected_goal_involvements,
           sum(clean_sheets)::int as clean_sheets, sum(goals_conceded)::int as goals_conceded, sum(saves)::int as saves,
           sum(yellow_cards)::int as yellow_cards, sum(red_cards)::int as red_cards, sum(bonus)::int as bonus,
           sum(defensive_contribution)::int as defensive_contribution, avg(rating)::numeric(4, 2) as rating,
           sum(shots)::int as shots, sum(shots_on_target)::int as shots_on_target, sum(key_passes)::int as key_passes,
           sum(passes)::int as passes, sum(accurate_passes)::int as accurate_passes, sum(touches)::int as touches,
           sum(duels_won)::int as duels_won, sum(interceptions)::int as interceptions, sum(clearances)::int as clearances,
           sum(sofasport_minutes)::int as sofasport_minutes, sum(sofasport_goals)::int as sofasport_goals,
           sum(sofasport_assists)::int as sofasport_assists, sum(sofasport_expected_goals) as sofasport_expected_goals,
           sum(sofasport_expected_assists) as sofasport_expected_assists
    from pulse.player_matches
    group by season, fpl_code, element_id
) as matches
cross join lateral (
    select round(90.0 * points / nullif(minutes, 0), 2) as points_per_90,
           round(90.0 * goals / nullif(minutes, 0), 2) as goals_per_90,
           round(90.0 * assists / nullif(minutes, 0), 2) as assists_per_90,
           round(90.0 * expected_goals / nullif(minutes, 0), 2) as expected_goals_per_90,
           round(90.0 * expected_assists / nullif(minutes, 0), 2) as expected_assists_per_90,
           round(90.0 * expected_goal_involvements / nullif(minutes, 0), 2) as expected_goal_involvements_per_90,
           round(90.0 * defensive_contribution / nullif(minutes, 0), 2) as defensive_contribution_per_90,
           round(90.0 * saves / nullif(minutes, 0), 2) as saves_per_90,
           round(90.0 * shots / nullif(sofasport_minutes, 0), 2) as shots_per_90,
           round(90.0 * key_passes / nullif(sofasport_minutes, 0), 2) as key_passes_per_90,
           round(90.0 * touches / nullif(sofasport_minutes, 0), 2) as touches_per_90
) as per_90
join pulse.fpl_players as players on players.season = matches.season and players.element_id = matches.element_id
join pulse.fpl_teams as teams on teams.season = players.season and teams.code = players.team_code
left join lateral (
    -- Of two profiles of one person, the one that played longer.
    select totals.player_id, totals.rating
    from pulse.player_mappings as links
    join pulse.sofasport_season_statistics as totals
        on totals.season = matches.season and totals.player_id = links.sofasport_player_id
    where links.fpl_code = matches.code
    order by totals.minutes desc nulls last, totals.player_id limit 1
) as statistics on true;

comment on view fpl.player_seasons is 'A player''s season so far: the sums of all matches, and figures per 90 minutes. One row for each season and player.';
comment on column fpl.player_seasons.team is 'The club for which FPL lists the player now.';
comment on column fpl.player_seasons.price is 'Price now in millions of pounds.';
comment on column fpl.player_seasons.matches is 'Matches with minutes.';
comment on column fpl.player_seasons.rating is 'Mean of the match ratings.';
comment on column fpl.player_seasons.points_per_90 is 'Null without minutes, like the other figures per 90 minutes.';
comment on column fpl.player_seasons.sofasport_season_rating is 'The mean that SofaSport itself states.';
