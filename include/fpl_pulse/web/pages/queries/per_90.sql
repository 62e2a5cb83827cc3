-- Figures per 90 minutes of the players of a position with enough minutes, and of some players by their codes. Minutes
-- count where the figure is known: FPL states some figures of a double gameweek for both matches together.
select players.code,
  90.0 * points / nullif(sums.minutes, 0) as points,
  90.0 * goals / nullif(sums.minutes, 0) as goals,
  90.0 * assists / nullif(sums.minutes, 0) as assists,
  90.0 * defensive_contribution / nullif(minutes_with_defence, 0) as defensive_contribution,
  90.0 * clean_sheets / nullif(minutes_with_conceded, 0) as clean_sheets,
  90.0 * goals_conceded / nullif(minutes_with_conceded, 0) as goals_conceded,
  90.0 * saves / nullif(minutes_with_conceded, 0) as saves,
  100.0 * saves / nullif(saves + goals_conceded, 0) as save_share,
  90.0 * expected_goals / nullif(minutes_with_expected, 0) as expected_goals,
  90.0 * expected_assists / nullif(minutes_with_expected, 0) as expected_assists,
  90.0 * shots / nullif(sofasport_minutes, 0) as shots,
  90.0 * shots_on_target / nullif(sofasport_minutes, 0) as shots_on_target,
  90.0 * key_passes / nullif(sofasport_minutes, 0) as key_passes,
  90.0 * accurate_passes / nullif(sofasport_minutes, 0) as accurate_passes,
  100.0 * accurate_passes / nullif(passes, 0) as pass_share,
  90.0 * touches / nullif(sofasport_minutes, 0) as touches,
  90.0 * duels_won / nullif(sofasport_minutes, 0) as duels_won,
  100.0 * duels_won / nullif(duels_won + duels_lost, 0) as duel_share,
  90.0 * tackles / nullif(sofasport_minutes, 0) as tackles,
  90.0 * interceptions / nullif(sofasport_minutes, 0) as interceptions,
  90.0 * clearances / nullif(sofasport_minutes, 0) as clearances,
  90.0 * recoveries / nullif(sofasport_minutes, 0) as recoveries,
  90.0 * goals_prevented / nullif(minutes_with_prevented, 0) as goals_prevented
from (
  select season, code, position
  from pulse.fpl_players
  where season = %(season)s and (code = any(%(codes)s) or fpl.position_name(position) = %(position)s)
) as players
cross join lateral (
  select sum(matches.minutes) as minutes, sum(matches.total_points) as points, sum(matches.goals) as goals,
    sum(matches.assists) as assists, sum(defensive_contribution) as defensive_contribution,
    sum(matches.minutes) filter (where defensive_contribution is not null) as minutes_with_defence,
    sum(clean_sheets) as clean_sheets, sum(goals_conceded) as goals_conceded, sum(matches.saves) as saves,
    sum(matches.minutes) filter (where goals_conceded is not null) as minutes_with_conceded,
    sum(sofasport_minutes) as sofasport_minutes, sum(sofasport_expected_goals) as expected_goals,
    sum(sofasport_expected_assists) as expected_assists,
    sum(sofasport_minutes) filter (where sofasport_expected_goals is not null) as minutes_with_expected,
    sum(matches.shots) as shots, sum(matches.shots_on_target) as shots_on_target,
    sum(matches.key_passes) as key_passes, sum(matches.passes) as passes,
    sum(matches.accurate_passes) as accurate_passes, sum(matches.touches) as touches,
    sum(matches.duels_won) as duels_won, sum(matches.duels_lost) as duels_lost,
    sum(matches.sofasport_tackles) as tackles, sum(matches.interceptions) as interceptions,
    sum(matches.clearances) as clearances, sum(matches.sofasport_recoveries) as recoveries,
    sum(kept.prevented) as goals_prevented,
    sum(sofasport_minutes) filter (where kept.prevented is not null) as minutes_with_prevented
  from pulse.player_matches as matches
  left join lateral (
    select (lineups.statistics ->> 'goalsPrevented')::numeric as prevented
    from pulse.sofasport_lineup_players as lineups
    where players.position = 1 and lineups.event_id = matches.event_id and lineups.player_id = matches.sofasport_player_id
      and jsonb_typeof(lineups.statistics -> 'goalsPrevented') = 'number'
  ) as kept on true
  where matches.season = players.season and matches.fpl_code = players.code
    and (matches.minutes > 0 or matches.sofasport_minutes > 0)
) as sums
where players.code = any(%(codes)s) or sums.minutes >= %(least_minutes)s
