drop table pulse.figure_differences, pulse.fixture_reconciliations, pulse.alerts, pulse.mapping_decisions;
alter table pulse.mapping_candidates drop column strength;
alter table pulse.fixture_mappings drop column confirmed_at;
alter table pulse.player_mappings drop column confirmed_at, drop column strength;
alter table pulse.team_mappings drop column confirmed_at;
