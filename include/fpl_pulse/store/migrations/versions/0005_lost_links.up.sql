-- A link that the evidence has ended is remembered, and an alert says when what it is about was over.

create table pulse.lost_links (
    sofasport_player_id integer primary key references pulse.sofasport_players,
    fpl_code integer not null,
    lost_at timestamptz not null,
    evidence text not null,
    updated_at timestamptz not null default now()
);
comment on table pulse.lost_links is 'Links of players that the evidence has ended, until the player is linked again: to the same person when nothing speaks against it any more, to another only by a person''s decision.';
comment on column pulse.lost_links.fpl_code is 'Whom he was linked to, as fpl_players.code.';
comment on column pulse.lost_links.lost_at is 'The moment of the run that ended the link.';
comment on column pulse.lost_links.evidence is 'What spoke against it, in words.';

alter table pulse.alerts add column closed_at timestamptz;
comment on column pulse.alerts.closed_at is 'The moment of the run that found it to be over; null while somebody should look.';
