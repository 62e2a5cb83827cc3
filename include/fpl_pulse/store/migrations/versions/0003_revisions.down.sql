drop view pulse.changes;
drop function pulse.lineups_as_of, pulse.lineup_players_as_of, pulse.heatmaps_as_of, pulse.season_statistics_as_of,
    pulse.attributes_as_of, pulse.position_averages_as_of;
drop trigger keep_revision on pulse.sofasport_lineups;
drop trigger keep_revision on pulse.sofasport_lineup_players;
drop trigger keep_revision on pulse.sofasport_heatmaps;
drop trigger keep_revision on pulse.sofasport_season_statistics;
drop trigger keep_revision on pulse.sofasport_attributes;
drop trigger keep_revision on pulse.sofasport_position_averages;
drop function pulse.keep_revision, pulse.differences;
drop table pulse.revisions;
