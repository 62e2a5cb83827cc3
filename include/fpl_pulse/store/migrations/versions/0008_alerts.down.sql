drop table pulse.task_attempts;
alter table pulse.pipeline_runs drop column run_type;
drop index pulse.alerts_to_send;
alter table pulse.alerts drop column delivery_error, drop column claimed_at, drop column deliveries, drop column notified_at;
comment on column pulse.alerts.kind is 'link_contradicted, decision_contradicted, club_in_review, squad_unread, or run_short.';
