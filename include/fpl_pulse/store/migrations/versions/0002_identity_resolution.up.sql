-- Each link says when it was last confirmed, and a player's how strong its evidence is.

alter table pulse.team_mappings add column confirmed_at timestamptz;
alter table pulse.player_mappings add column confirmed_at timestamptz, add column strength numeric(5, 1);
alter table pulse.fixture_mappings add column confirmed_at timestamptz;
update pulse.team_mappings set confirmed_at = made_at;
update pulse.player_mappings set confirmed_at = made_at;
update pulse.fixture_mappings set confirmed_at = made_at;
alter table pulse.team_mappings alter column confirmed_at set not null;
alter table pulse.player_mappings alter column confirmed_at set not null;
alter table pulse.fixture_mappings alter column confirmed_at set not null;

alter table pulse.mapping_candidates add column strength numeric(5, 1);

create table pulse.mapping_decisions (
    decision_id bigint generated always as identity primary key,
    kind text not null check (kind in ('team', 'player')),
    sofasport_id integer not null,
    fpl_id integer not null,
    verdict text not null check (verdict in ('link', 'reject', 'withdraw')),
    decided_by text not null,
    reason text not null,
    decided_at timestamptz not null default now()
);
create index on pulse.mapping_decisions (kind, sofasport_id, fpl_id, decision_id);

create table pulse.alerts (
    alert_id bigint generated always as identity primary key,
    kind text not null,
    subject text not null,
    as_of timestamptz not null,
    message text not null,
    dag_id text not null,
    run_id text not null,
    raised_at timestamptz not null default now(),
    unique (kind, subject, as_of)
);

create table pulse.fixture_reconciliations (
    season text not null,
    fixture_id integer not null,
    event_id integer not null references pulse.sofasport_events,
    players smallint not null,
    differing smallint not null,
    only_fpl smallint not null,
    only_sofasport smallint not null,
    updated_at timestamptz not null default now(),
    primary key (season, fixture_id),
    foreign key (season, fixture_id) references pulse.fpl_fixtures (season, fixture_id)
);

create table pulse.figure_differences (
    season text not null,
    fixture_id integer not null,
    figure text not null check (figure in ('minutes', 'goals', 'assists', 'yellow_cards', 'red_cards')),
    fpl_code integer not null,
    sofasport_player_id integer not null,
    sofasport_value integer,
    fpl_value integer,
    counts boolean not null,
    updated_at timestamptz not null default now(),
    primary key (season, fixture_id, figure, fpl_code, sofasport_player_id)
);
