drop index pulse.raw_resources_rejected, pulse.rejected_records_missing_keys, pulse.sofasport_attributes_season_idx;
drop table pulse.key_census;

update pulse.sofasport_lineup_players set is_captain = false where is_captain is null;
alter table pulse.sofasport_lineup_players alter column is_captain set not null;
update pulse.fpl_fixtures set minutes = 0 where minutes is null;
alter table pulse.fpl_fixtures alter column minutes set not null;
update pulse.fpl_players
set total_points = coalesce(total_points, 0), minutes = coalesce(minutes, 0),
    goals = coalesce(goals, 0), assists = coalesce(assists, 0)
where num_nulls(total_points, minutes, goals, assists) > 0;
alter table pulse.fpl_players
    alter column total_points set not null,
    alter column minutes set not null,
    alter column goals set not null,
    alter column assists set not null;
