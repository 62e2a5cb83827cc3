-- Links that the evidence has ended, and the time at which an alert was closed.

create table pulse.lost_links (
    sofasport_player_id integer primary key references pulse.sofasport_players,
    fpl_code integer not null,
    lost_at timestamptz not null,
    evidence text not null,
    updated_at timestamptz not null default now()
);

alter table pulse.alerts add column closed_at timestamptz;
