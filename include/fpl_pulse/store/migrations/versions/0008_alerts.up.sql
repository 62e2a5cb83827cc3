-- Alerts reach people: what was sent and when, who is at work, and whether trying again can help.

alter table pulse.alerts
    add column notified_at timestamptz,
    add column deliveries smallint not null default 0,
    add column claimed_at timestamptz,
    add column delivery_error text;
comment on column pulse.alerts.kind is 'About the data: link_contradicted, decision_contradicted, club_in_review, squad_unread, run_short. About the week: run_failed, deadline_missed, run_missing, run_late.';
comment on column pulse.alerts.notified_at is 'Wall clock at which the channels of the connection fpl_pulse_alerts took it; null while none has.';
comment on column pulse.alerts.deliveries is 'How often it was tried to send it; given up after five times or eight days.';
comment on column pulse.alerts.claimed_at is 'Wall clock at which somebody began to send it, so that nobody else does.';
comment on column pulse.alerts.delivery_error is 'Why the last try to send it failed, without the channel''s address.';
create index alerts_to_send on pulse.alerts (raised_at) where notified_at is null;

alter table pulse.pipeline_runs add column run_type text not null default 'manual';
comment on column pulse.pipeline_runs.run_type is 'Airflow''s: scheduled, backfill, or manual.';

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
comment on table pulse.task_attempts is 'Every try of every task of the pipelines: since when it is at work, and with which sentence it failed.';
comment on column pulse.task_attempts.map_index is 'Which of the mapped tasks; -1 for a task that is not mapped.';
comment on column pulse.task_attempts.try_number is 'Airflow''s: goes on counting after a clear.';
comment on column pulse.task_attempts.place is 'The match or club in words, as GW7 Liverpool–Everton; null for a task that is not mapped.';
comment on column pulse.task_attempts.state is 'A try whose process was killed stays running for ever; a later try of the same task tells.';
comment on column pulse.task_attempts.started_at is 'Wall clock; of a task that waits, when it began to wait.';
comment on column pulse.task_attempts.message is 'The error''s sentence; null when it did not fail.';
comment on column pulse.task_attempts.can_retry is 'Whether the same task may work on another try, without anything changed by a person; null when it did not fail.';
