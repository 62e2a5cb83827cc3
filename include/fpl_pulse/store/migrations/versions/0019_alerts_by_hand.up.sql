-- Who has closed an alert and why, and which error failed an attempt.

alter table pulse.alerts
    add column closed_by text,
    add column closed_because text;

alter table pulse.task_attempts
    add column error text,
    add column section text;
