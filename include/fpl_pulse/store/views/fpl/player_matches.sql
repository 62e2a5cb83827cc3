create view fpl.player_matches as
select matches.season, fixtures.gameweek, fixtures.kickoff_at, players.web_name as player,
       fpl.position_name(players.position) as position, teams.name as team, opponents.name as opponent,
       case when matches.team_code = fixtures.home_team_code then 'home'
            when matches.team_code = fixtures.away_team_code then 'away' end as venue,
       case sign(case when matches.team_code = fixtures.home_team_code then fixtures.home_score - fixtures.away_score
                      when matches.team_code = fixtures.away_team_code then fixtures.away_score - fixtures.home_score end)
            when 1 then 'won' when 0 then 'drawn' when -1 then 'lost' end as result,
       case when matches.team_code = fixtures.home_team_code then fixtures.home_score
            when matches.team_code = fixtures.away_team_code then fixtures.away_score end as team_score,
       case when matches.team_code = fixtures.home_team_code then fixtures.away_score
            when matches.team_code = fixtures.away_team_code then fixtures.home_score end as opponent_score,
       (matches.price / 10.0)::numeric(4, 1) as price,
       -- FPL's official figures.
       matches.minutes, matches.starts, matches.total_points as points, matches.goals, matches.assists, matches.expected_goals,
       matches.expected_assists, matches.expected_goal_involvements, matches.expected_goals_conceded,
       matches.clean_sheets, matches.goals_conceded, matches.saves, matches.own_goals, matches.penalties_saved,
       matches.penalties_missed, matches.yellow_cards, matches.red_cards, matches.bonus, matches.bps,
       matches.defensive_contribution, matches.clearances_blocks_interceptions, matches.recoveries, matches.tackles,
       matches.influence, matches.creativity, matches.threat, matches.ict_index,
       -- SofaSport's.
       matches.rating, matches.sofasport_minutes, matches.is_starter as sofasport_is_starter, matches.sofasport_goals,
       matches.sofasport_assists, matches.sofasport_own_goals, matches.sofasport_expected_goals,
       matches.sofasport_expected_assists, matches.expected_goals_on_target, matches.shots, matches.shots_on_target,
       matches.key_passes, matches.passes, matches.accurate_passes, matches.touches, matches.duels_won, matches.duels_lost,
       matches.sofasport_tackles, matches.interceptions, matches.clearances, matches.sofasport_recoveries, matches.fouls,
       matches.was_fouled, matches.sofasport_saves, fpl.position_name(matches.sofasport_position) as sofasport_position,
       matches.shirt_number,
       matches.fpl_code as code, matches.element_id, matches.fixture_id, matches.event_id, matches.sofasport_player_id,
       matches.team_code
from pulse.player_matches as matches
join pulse.fpl_fixtures as fixtures on fixtures.season = matches.season and fixtures.fixture_id = matches.fixture_id
join pulse.fpl_players as players on players.season = matches.season and players.element_id = matches.element_id
left join pulse.fpl_teams as teams on teams.season = matches.season and teams.code = matches.team_code
left join pulse.fpl_teams as opponents
    on opponents.season = matches.season and matches.team_code is not null
       and opponents.code = case when matches.team_code = fixtures.home_team_code then fixtures.away_team_code
                                 else fixtures.home_team_code end;

comment on view fpl.player_matches is 'A player in a match, with the figures of both sources side by side. One row for each season, fixture and player, also for players without minutes. Figures without sofasport_ are FPL''s official ones up to ict_index, and SofaSport''s from rating on.';
comment on column fpl.player_matches.kickoff_at is 'Time from the source: kick-off.';
comment on column fpl.player_matches.position is 'FPL''s position in the season.';
comment on column fpl.player_matches.team is 'The player''s club in this match. Null when it is not known for somebody who was not in the squad.';
comment on column fpl.player_matches.price is 'Price at kick-off in millions of pounds, from FPL''s last reading before. Null for matches before the first reading.';
comment on column fpl.player_matches.starts is '1 for a starter, else 0.';
comment on column fpl.player_matches.points is 'FPL''s points in the match.';
comment on column fpl.player_matches.clean_sheets is 'Null where FPL states a figure for the gameweek only and the player had two matches in it. The same holds for goals_conceded and the figures from expected_goals to ict_index.';
comment on column fpl.player_matches.defensive_contribution is 'Defensive actions that count for FPL''s points. FPL has it since 2025-26.';
comment on column fpl.player_matches.rating is 'SofaSport''s rating, 3-10.';
comment on column fpl.player_matches.sofasport_minutes is 'Minutes at SofaSport. Null when SofaSport does not list the player in the match.';
comment on column fpl.player_matches.sofasport_position is 'Position in this match.';
