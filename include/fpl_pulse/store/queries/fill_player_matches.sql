-- Bring all rows of player_matches up to date.
select pulse.refresh_player_matches(season, array_agg(fixture_id)) from pulse.fpl_fixtures group by season
