comment on column pulse.alerts.kind is 'link_contradicted, decision_contradicted, club_in_review, or squad_unread.';
alter table pulse.pipeline_runs drop column is_short, drop column short_by, drop column calls_forecast;
alter table pulse.api_calls drop column quota_resets_at;
