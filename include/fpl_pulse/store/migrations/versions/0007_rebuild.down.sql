alter table pulse.raw_answers drop column is_wanted;
