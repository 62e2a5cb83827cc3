create table pulse.reruns (
    dag_id text not null,
    run_id text not null,
    upstream_dag_id text not null,
    upstream_run_id text not null,
    reason text not null,
    requested_at timestamptz not null default now(),
    primary key (dag_id, run_id)
);
create index on pulse.reruns (upstream_dag_id, upstream_run_id);
