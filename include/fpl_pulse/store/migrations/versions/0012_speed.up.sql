alter table pulse.api_pace
    add column slots timestamptz[] not null default '{}',
    add column refused_at timestamptz;
