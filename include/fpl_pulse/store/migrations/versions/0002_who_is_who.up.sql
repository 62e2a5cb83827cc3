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
comment on column pulse.team_mappings.confirmed_at is 'The moment of the newest run that still made the link.';
comment on column pulse.player_mappings.confirmed_at is 'The moment of the newest run whose evidence carried the link by itself.';
comment on column pulse.fixture_mappings.confirmed_at is 'The moment of the newest run that still made the link.';
comment on column pulse.player_mappings.confidence is '0-1: how likely the two are one person, given the evidence.';
comment on column pulse.player_mappings.strength is 'The same in bits (log2 of the odds), which tell links near certainty apart: 7 is the least that links. Null when today''s data show only one of the two.';
comment on column pulse.player_mappings.method is 'The kinds of evidence that carry the link, strongest first; "decision" when a person made it.';

alter table pulse.mapping_candidates add column strength numeric(5, 1);
comment on column pulse.mapping_candidates.strength is 'For players: as player_mappings.strength. Null for the other kinds.';

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
comment on table pulse.mapping_decisions is 'What people have decided about links. Rows are only added: the newest of a pair counts. Every matching obeys it; it points at no other table, so that building the others anew leaves it as it is.';
comment on column pulse.mapping_decisions.sofasport_id is 'Team or player id, by kind.';
comment on column pulse.mapping_decisions.fpl_id is 'FPL''s code of the club or the player, which is for life; follows when FPL replaces a temporary one.';
comment on column pulse.mapping_decisions.verdict is 'link: the two are one; reject: they are not; withdraw: no longer decided, the evidence decides again.';
comment on column pulse.mapping_decisions.decided_by is 'The person''s name.';

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
comment on table pulse.alerts is 'What somebody should look at, one row a thing and moment; a repeated run raises nothing twice.';
comment on column pulse.alerts.kind is 'link_contradicted, decision_contradicted, club_in_review, or squad_unread.';
comment on column pulse.alerts.subject is 'What it is about, as player 1234.';
comment on column pulse.alerts.as_of is 'The moment of the run that raised it.';
comment on column pulse.alerts.message is 'A sentence: what happened, and what to do.';
comment on column pulse.alerts.raised_at is 'Wall clock.';

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
comment on table pulse.fixture_reconciliations is 'Each played fixture whose minutes both sides have: SofaSport''s minutes and goals held against FPL''s official figures.';
comment on column pulse.fixture_reconciliations.event_id is 'The current event, whose lineups were compared.';
comment on column pulse.fixture_reconciliations.players is 'Players with minutes on either side; who is not linked stands on both.';
comment on column pulse.fixture_reconciliations.differing is 'Of these, how many have a difference that counts against the check; see figure_differences.';
comment on column pulse.fixture_reconciliations.only_fpl is 'Of these, with minutes at FPL and none at SofaSport, or not linked.';
comment on column pulse.fixture_reconciliations.only_sofasport is 'Of these, with minutes at SofaSport and none at FPL, or not linked.';

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
comment on table pulse.figure_differences is 'Every figure that SofaSport and FPL state differently, with both values. Cards can only be compared by season.';
comment on column pulse.figure_differences.fixture_id is 'FPL''s fixture; 0 for the whole season.';
comment on column pulse.figure_differences.fpl_code is 'The person, as fpl_players.code; 0 when FPL''s side is not linked.';
comment on column pulse.figure_differences.sofasport_player_id is '0 when SofaSport''s side is not linked. Of a person with two profiles the one that played.';
comment on column pulse.figure_differences.sofasport_value is 'Null when SofaSport has no minutes for the player in the fixture, or nobody is linked; then figure is minutes.';
comment on column pulse.figure_differences.fpl_value is 'As sofasport_value, at FPL.';
comment on column pulse.figure_differences.counts is 'Whether the difference counts against the check: minutes beyond the tolerance, goals, and cards unless a sending-off or a card on the bench explains them; never assists, which the two count differently.';
