-- What the plan of calls has left, what a run is expected to need of it, and what it had to leave out.

alter table pulse.api_calls add column quota_resets_at timestamptz;
comment on column pulse.api_calls.quota_resets_at is 'Wall clock at which the quota begins anew, from x-ratelimit-requests-reset; null when the API did not send it.';

alter table pulse.pipeline_runs
    add column calls_forecast integer,
    add column short_by integer not null default 0 check (short_by >= 0),
    add column is_short boolean not null generated always as (short_by > 0) stored;
comment on column pulse.pipeline_runs.calls_forecast is 'Calls to SofaSport that the run would make in all, as known when its work was planned; null before. Retries come on top, short_by goes off.';
comment on column pulse.pipeline_runs.short_by is 'Calls left out because the quota or the ceiling of a run did not last; what they were for stays due.';
comment on column pulse.pipeline_runs.is_short is 'Whether anything was left out.';

comment on column pulse.alerts.kind is 'link_contradicted, decision_contradicted, club_in_review, squad_unread, or run_short.';
