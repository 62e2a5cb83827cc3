create view fpl.team_matches as
select fixtures.season, fixtures.gameweek, fixtures.kickoff_at, teams.name as team, opponents.name as opponent, sides.venue,
       case sign(sides.scored - sides.conceded) when 1 then 'won' when 0 then 'drawn' when -1 then 'lost' end as result,
       case sign(sides.scored - sides.conceded) when 1 then 3 when 0 then 1 when -1 then 0 end as points,
       sides.scored as goals, sides.conceded as goals_conceded, figures.expected_goals, conceded.expected_goals as expected_goals_conceded,
       lineups.formation, figures.players_used, figures.rating, figures.sofasport_expected_goals, figures.shots,
       figures.shots_on_target, figures.key_passes, figures.passes, figures.accurate_passes, figures.touches,
       figures.duels_won, figures.sofasport_tackles, figures.interceptions, figures.clearances, figures.fouls, figures.saves,
       figures.defensive_contribution, figures.yellow_cards, figures.red_cards, figures.fantasy_points,
       sides.code as team_code, teams.team_id, fixtures.fixture_id, links.event_id
from pulse.fpl_fixtures as fixtures
cross join lateral (values
    ('home', fixtures.home_team_code, fixtures.away_team_code, fixtures.home_score::int, fixtures.away_score::int),
    ('away', fixtures.away_team_code, fixtures.home_team_code, fixtures.away_score::int, fixtures.home_score::int)
) as sides (venue, code, opponent_code, scored, conceded)
join pulse.fpl_teams as teams on teams.season = fixtures.season and teams.code = sides.code
join pulse.fpl_teams as opponents on opponents.season = fixtures.season and opponents.code = sides.opponent_code
left join pulse.fixture_mappings as links
    on links.season = fixtures.season and links.fixture_id = fixtures.fixture_id and links.is_current
left join pulse.sofasport_lineups as lineups on lineups.event_id = links.event_id and lineups.side = sides.venue
left join lateral (
    select count(*) filter (where matches.minutes > 0)::int as players_used, sum(matches.expected_goals) as expected_goals,
           avg(matches.rating)::numeric(4, 2) as rating, sum(matches.sofasport_expected_goals) as sofasport_expected_goals,
           sum(matches.shots)::int as shots, sum(matches.shots_on_target)::int as shots_on_target,
           sum(matches.key_passes)::int as key_passes, sum(matches.passes)::int as passes,
           sum(matches.accurate_passes)::int as accurate_passes, sum(matches.touches)::int as touches,
           sum(matches.duels_won)::int as duels_won, sum(matches.sofasport_tackles)::int as sofasport_tackles,
           sum(matches.interceptions)::int as interceptions, sum(matches.clearances)::int as clearances,
           sum(matches.fouls)::int as fouls, sum(matches.saves)::int as saves,
           sum(matches.defensive_contribution)::int as defensive_contribution,
           sum(matches.yellow_cards)::int as yellow_cards, sum(matches.red_cards)::int as red_cards,
           sum(matches.total_points)::int as fantasy_points
    from pulse.player_matches as matches
    where matches.season = fixtures.season and matches.fixture_id = fixtures.fixture_id and matches.team_code = sides.code
) as figures on true
left join lateral (
    select sum(matches.expected_goals) as expected_goals
    from pulse.player_matches as matches
    where matches.season = fixtures.season and matches.fixture_id = fixtures.fixture_id
      and matches.team_code = sides.opponent_code
) as conceded on true
where fixtures.started;

comment on view fpl.team_matches is 'A club in a match that has begun, with the sums over its players. One row for each season, fixture and club.';
comment on column fpl.team_matches.kickoff_at is 'Time from the source: kick-off.';
comment on column fpl.team_matches.points is 'Points in the league table.';
comment on column fpl.team_matches.expected_goals is 'Sum of FPL''s figures of the players.';
comment on column fpl.team_matches.expected_goals_conceded is 'The opponents expected_goals.';
comment on column fpl.team_matches.rating is 'Mean of the players'' ratings.';
comment on column fpl.team_matches.fantasy_points is 'Sum of the players FPL points.';
