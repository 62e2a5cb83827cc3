-- The remaining quota, the calls that each run is expected to make, and those that it skipped.

alter table pulse.api_calls add column quota_resets_at timestamptz;

alter table pulse.pipeline_runs
    add column calls_forecast integer,
    add column short_by integer not null default 0 check (short_by >= 0),
    add column is_short boolean not null generated always as (short_by > 0) stored;
