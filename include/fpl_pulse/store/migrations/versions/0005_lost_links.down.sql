alter table pulse.alerts drop column closed_at;
drop table pulse.lost_links;
