-- Ids of FPL's players at other providers, from a public register of people. No response has them, so a rebuild keeps them.

create table pulse.external_ids (
    fpl_code integer not null,
    provider text not null,
    external_id text not null,
    updated_at timestamptz not null default now(),
    primary key (fpl_code, provider),
    -- A join from another provider's id finds one player.
    unique (provider, external_id)
);
