-- The wall clocks in alerts.closed_at stay: the as-of times that they replaced are not stored.
drop view pulse.resource_rows;
alter table pulse.raw_resources drop column loaded_rows;
alter table pulse.mapping_decisions drop column as_of, drop column decided_fpl_id;
alter table pulse.fpl_players alter column added_at set default now();
