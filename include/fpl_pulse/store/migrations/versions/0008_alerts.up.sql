-- Which alerts were sent and when, the attempts of each task, and whether a retry can help.

alter table pulse.alerts
    add column notified_at timestamptz,
    add column deliveries smallint not null default 0,
    add column claimed_at timestamptz,
    add column delivery_error text;
create index alerts_to_send on pulse.alerts (raised_at) where notified_at is null;

alter table pulse.pipeline_runs add column run_type text not null default 'manual';

create table pulse.task_attempts (
    dag_id text not null,
    run_id text not null,
    task_id text not null,
    map_index integer not null,
    try_number smallint not null,
    place text,
    state text not null check (state in ('running', 'success', 'failed')),
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    message text,
    can_retry boolean,
    primary key (dag_id, run_id, task_id, map_index, try_number)
);
