drop table pulse.external_ids;
