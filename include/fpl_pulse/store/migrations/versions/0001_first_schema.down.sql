drop table
    pulse.pipeline_runs, pulse.rejected_records, pulse.api_pace, pulse.api_calls, pulse.raw_reads, pulse.raw_answers,
    pulse.mapping_candidates, pulse.fixture_mappings, pulse.player_mappings, pulse.team_mappings,
    pulse.sofasport_position_averages, pulse.sofasport_attributes, pulse.sofasport_season_statistics,
    pulse.sofasport_heatmaps, pulse.sofasport_lineup_players, pulse.sofasport_lineups, pulse.sofasport_events,
    pulse.sofasport_squads, pulse.sofasport_players, pulse.sofasport_teams, pulse.sofasport_seasons,
    pulse.fpl_player_fixtures, pulse.fpl_fixtures, pulse.fpl_players, pulse.fpl_teams, pulse.fpl_gameweeks;
