-- Both clubs of a match that has begun, with the sums over their linked players.
select venue, expected_goals::float as expected_goals, rating::float as rating, shots, shots_on_target,
  key_passes, passes, accurate_passes, touches, duels_won, sofasport_tackles as tackles, interceptions, clearances, fouls,
  saves, defensive_contribution, yellow_cards, red_cards, fantasy_points
from fpl.team_matches
where season = %(season)s and fixture_id = %(fixture_id)s
