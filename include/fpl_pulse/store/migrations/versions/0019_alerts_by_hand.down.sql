alter table pulse.task_attempts drop column section, drop column error;
alter table pulse.alerts drop column closed_because, drop column closed_by;
