-- FPL overwrites these figures. The newest ones are in fpl_players, all that were seen in fpl_player_history.

alter table pulse.fpl_players
    add column selected_by_percent numeric(5, 1),
    add column transfers_in integer,
    add column transfers_in_event integer,
    add column transfers_out integer,
    add column transfers_out_event integer,
    add column chance_of_playing_this_round smallint,
    add column chance_of_playing_next_round smallint,
    add column news text,
    add column news_added_at timestamptz,
    add column form numeric(6, 1),
    add column expected_points_this_round numeric(6, 1),
    add column expected_points_next_round numeric(6, 1);

create table pulse.fpl_player_history (
    season text not null,
    element_id integer not null,
    observed_at timestamptz not null,
    team_code integer not null,
    now_cost integer,
    selected_by_percent numeric(5, 1),
    transfers_in integer,
    transfers_in_event integer,
    transfers_out integer,
    transfers_out_event integer,
    status text,
    chance_of_playing_this_round smallint,
    chance_of_playing_next_round smallint,
    news text,
    news_added_at timestamptz,
    form numeric(6, 1),
    expected_points_this_round numeric(6, 1),
    expected_points_next_round numeric(6, 1),
    updated_at timestamptz not null default now(),
    -- No reference to fpl_players: the history stays when a player is deleted, because FPL forgets it.
    primary key (season, element_id, observed_at)
);
