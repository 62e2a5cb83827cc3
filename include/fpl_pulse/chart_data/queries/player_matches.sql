-- The matches of a player's season that have been played, by kick-off, with the ratings that SofaSport has corrected
-- since. The view fpl.corrections has these too, but looks at the revisions of all players.
select fixtures.gameweek, opponents.name as opponent, case when is_home then 'home' else 'away' end as venue,
  matches.fixture_id, matches.rating::float as rating, matches.total_points as points, matches.minutes,
  matches.sofasport_expected_goals::float as expected_goals, matches.sofasport_expected_assists::float as expected_assists,
  matches.goals, matches.assists, coalesce(revised.ratings, '{}') as earlier_ratings, lineups.observed_at as as_of
from pulse.player_matches as matches
join pulse.fpl_fixtures as fixtures on fixtures.season = matches.season and fixtures.fixture_id = matches.fixture_id
join pulse.fpl_players as players on players.season = matches.season and players.code = matches.fpl_code
-- Without a lineup, the club of somebody who did not play may be unknown.
cross join lateral (
  select coalesce(matches.team_code, players.team_code) is distinct from fixtures.away_team_code as is_home
) as sides
join pulse.fpl_teams as opponents
  on opponents.season = fixtures.season
  and opponents.code = case when is_home then fixtures.away_team_code else fixtures.home_team_code end
left join pulse.sofasport_lineup_players as lineups
  on lineups.event_id = matches.event_id and lineups.player_id = matches.sofasport_player_id
left join lateral (
  select array_agg((revisions.changed -> 'rating' ->> 0)::float8 order by revisions.valid_to, revision_id) as ratings
  from pulse.revisions
  where revisions.table_name = 'sofasport_lineup_players'
    and revisions.key = jsonb_build_object('event_id', matches.event_id, 'player_id', matches.sofasport_player_id)
    and revisions.changed -> 'rating' ->> 0 is not null
) as revised on true
where matches.season = %(season)s and matches.fpl_code = %(code)s and fixtures.gameweek is not null
  and fixtures.home_score is not null
order by fixtures.kickoff_at, fixtures.fixture_id
