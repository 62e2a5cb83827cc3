-- What a source does not state is unknown, not zero.
alter table pulse.fpl_players
    alter column total_points drop not null,
    alter column minutes drop not null,
    alter column goals drop not null,
    alter column assists drop not null;
alter table pulse.fpl_fixtures alter column minutes drop not null;
alter table pulse.sofasport_lineup_players alter column is_captain drop not null;

create table pulse.key_census (
    season text not null,
    endpoint text not null,
    path text not null,
    gameweek smallint not null,
    key text not null,
    records integer not null,
    have integer not null,
    added_at timestamptz not null,
    updated_at timestamptz not null default now(),
    primary key (season, endpoint, path, gameweek, key)
);
create index on pulse.key_census (endpoint, path, key);
create index on pulse.sofasport_attributes (season);

-- What checks look for among all rejected records.
create index rejected_records_missing_keys on pulse.rejected_records (endpoint) where path like 'missing key %';
-- What is requested again.
create index raw_resources_rejected on pulse.raw_resources (endpoint) where outcome = 'rejected';
