-- FPL, the fantasy game. Ids belong to one season; `code` is permanent.

create table pulse.fpl_gameweeks (
    season text not null,
    gameweek smallint not null,
    name text not null,
    deadline_at timestamptz not null,
    finished boolean not null,
    data_checked boolean not null,
    is_current boolean not null,
    average_points integer,
    highest_points integer,
    updated_at timestamptz not null default now(),
    primary key (season, gameweek)
);

create table pulse.fpl_teams (
    season text not null,
    team_id smallint not null,
    code integer not null,
    name text not null,
    short_name text not null,
    details jsonb not null,
    updated_at timestamptz not null default now(),
    primary key (season, team_id),
    unique (season, code)
);

create table pulse.fpl_players (
    season text not null,
    element_id integer not null,
    code integer not null,
    first_name text not null,
    second_name text not null,
    web_name text not null,
    known_name text,
    birth_date date,
    team_code integer not null,
    position smallint not null,
    status text,
    now_cost integer,
    total_points integer not null,
    minutes integer not null,
    goals integer not null,
    assists integer not null,
    details jsonb not null,
    added_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (season, element_id),
    unique (season, code),
    foreign key (season, team_code) references pulse.fpl_teams (season, code)
);

create table pulse.fpl_fixtures (
    season text not null,
    fixture_id integer not null,
    code bigint not null,
    gameweek smallint,
    kickoff_at timestamptz,
    home_team_code integer not null,
    away_team_code integer not null,
    home_score smallint,
    away_score smallint,
    started boolean not null,
    finished_provisional boolean not null,
    finished boolean not null,
    minutes smallint not null,
    details jsonb not null,
    updated_at timestamptz not null default now(),
    primary key (season, fixture_id),
    unique (season, code),
    foreign key (season, home_team_code) references pulse.fpl_teams (season, code),
    foreign key (season, away_team_code) references pulse.fpl_teams (season, code)
);

create table pulse.fpl_player_fixtures (
    season text not null,
    fixture_id integer not null,
    element_id integer not null,
    fpl_code integer not null,
    gameweek smallint not null,
    minutes smallint not null,
    goals smallint not null,
    assists smallint not null,
    own_goals smallint not null,
    yellow_cards smallint not null,
    red_cards smallint not null,
    penalties_saved smallint not null,
    penalties_missed smallint not null,
    bonus smallint not null,
    clean_sheets smallint,
    goals_conceded smallint,
    saves smallint,
    starts smallint,
    bps smallint,
    expected_goals numeric(6, 2),
    expected_assists numeric(6, 2),
    expected_goals_conceded numeric(6, 2),
    total_points smallint not null,
    details jsonb not null,
    updated_at timestamptz not null default now(),
    primary key (season, fixture_id, element_id),
    foreign key (season, fixture_id) references pulse.fpl_fixtures (season, fixture_id),
    foreign key (season, element_id) references pulse.fpl_players (season, element_id)
);
create index on pulse.fpl_player_fixtures (season, fpl_code);

-- SofaSport, the provider of match data. Its ids are permanent, except that of the season.

create table pulse.sofasport_seasons (
    season text primary key,
    season_id integer not null unique,
    updated_at timestamptz not null default now()
);

create table pulse.sofasport_teams (
    team_id integer primary key,
    name text not null,
    short_name text,
    slug text,
    name_code text,
    updated_at timestamptz not null default now()
);

create table pulse.sofasport_players (
    player_id integer primary key,
    name text not null,
    slug text,
    short_name text,
    position text,
    birth_date date,
    height_cm smallint,
    preferred_foot text,
    country_code text,
    updated_at timestamptz not null default now()
);

create table pulse.sofasport_squads (
    season text not null,
    team_id integer not null references pulse.sofasport_teams,
    player_id integer not null references pulse.sofasport_players,
    shirt_number smallint,
    is_current boolean not null,
    updated_at timestamptz not null default now(),
    primary key (season, team_id, player_id)
);

create table pulse.sofasport_events (
    event_id integer primary key,
    season text not null,
    home_team_id integer not null references pulse.sofasport_teams,
    away_team_id integer not null references pulse.sofasport_teams,
    round smallint,
    start_at timestamptz,
    status_code smallint not null,
    home_score smallint,
    away_score smallint,
    home_score_period1 smallint,
    away_score_period1 smallint,
    slug text,
    details jsonb not null,
    updated_at timestamptz not null default now()
);
create index on pulse.sofasport_events (season, start_at);

create table pulse.sofasport_lineups (
    event_id integer not null references pulse.sofasport_events,
    side text not null check (side in ('home', 'away')),
    team_id integer not null references pulse.sofasport_teams,
    formation text,
    confirmed boolean not null,
    starters smallint not null,
    with_minutes smallint not null,
    missing_players jsonb not null,
    observed_at timestamptz not null,
    updated_at timestamptz not null default now(),
    primary key (event_id, side)
);

create table pulse.sofasport_lineup_players (
    event_id integer not null references pulse.sofasport_events,
    player_id integer not null references pulse.sofasport_players,
    side text not null check (side in ('home', 'away')),
    team_id integer not null references pulse.sofasport_teams,
    shown_team_id integer,
    is_starter boolean not null,
    is_captain boolean not null,
    position text,
    shirt_number smallint,
    minutes smallint,
    rating numeric(4, 2),
    goals smallint,
    own_goals smallint,
    assists smallint,
    expected_goals numeric(8, 4),
    expected_assists numeric(8, 4),
    expected_goals_on_target numeric(8, 4),
    shots smallint,
    shots_on_target smallint,
    key_passes smallint,
    passes smallint,
    accurate_passes smallint,
    touches smallint,
    duels_won smallint,
    duels_lost smallint,
    tackles smallint,
    interceptions smallint,
    clearances smallint,
    recoveries smallint,
    fouls smallint,
    was_fouled smallint,
    saves smallint,
    statistics jsonb not null,
    observed_at timestamptz not null,
    updated_at timestamptz not null default now(),
    primary key (event_id, player_id),
    foreign key (event_id, side) references pulse.sofasport_lineups (event_id, side)
);
create index on pulse.sofasport_lineup_players (player_id);

create table pulse.sofasport_heatmaps (
    event_id integer not null references pulse.sofasport_events,
    player_id integer not null references pulse.sofasport_players,
    points jsonb not null,
    point_count smallint not null check (point_count > 0),
    mean_x numeric(5, 2) not null,
    mean_y numeric(5, 2) not null,
    observed_at timestamptz not null,
    updated_at timestamptz not null default now(),
    primary key (event_id, player_id)
);

create table pulse.sofasport_season_statistics (
    season text not null,
    player_id integer not null references pulse.sofasport_players,
    team_id integer references pulse.sofasport_teams,
    appearances smallint,
    matches_started smallint,
    minutes integer,
    rating numeric(4, 2),
    total_rating numeric(8, 2),
    count_rating smallint,
    goals smallint,
    assists smallint,
    expected_goals numeric(10, 4),
    expected_assists numeric(10, 4),
    big_chances_created smallint,
    big_chances_missed smallint,
    shots smallint,
    shots_on_target smallint,
    passes integer,
    accurate_passes integer,
    accurate_passes_percentage numeric(5, 2),
    key_passes smallint,
    accurate_long_balls smallint,
    accurate_long_balls_percentage numeric(5, 2),
    successful_dribbles smallint,
    tackles smallint,
    interceptions smallint,
    clearances smallint,
    recoveries smallint,
    duels_won smallint,
    duels_won_percentage numeric(5, 2),
    aerial_duels_won smallint,
    ground_duels_won smallint,
    fouls smallint,
    was_fouled smallint,
    yellow_cards smallint,
    red_cards smallint,
    saves smallint,
    clean_sheets smallint,
    goals_conceded smallint,
    touches integer,
    statistics jsonb not null,
    observed_at timestamptz not null,
    updated_at timestamptz not null default now(),
    primary key (season, player_id)
);

create table pulse.sofasport_attributes (
    player_id integer not null references pulse.sofasport_players,
    season text not null,
    year_shift smallint not null,
    position text,
    attacking smallint,
    technical smallint,
    tactical smallint,
    defending smallint,
    creativity smallint,
    saves smallint,
    anticipation smallint,
    ball_distribution smallint,
    aerial smallint,
    details jsonb not null,
    observed_at timestamptz not null,
    updated_at timestamptz not null default now(),
    primary key (player_id, season)
);

create table pulse.sofasport_position_averages (
    season text not null,
    position text not null,
    attacking smallint,
    technical smallint,
    tactical smallint,
    defending smallint,
    creativity smallint,
    saves smallint,
    anticipation smallint,
    ball_distribution smallint,
    aerial smallint,
    details jsonb not null,
    observed_at timestamptz not null,
    updated_at timestamptz not null default now(),
    primary key (season, position)
);

-- The mappings.

create table pulse.team_mappings (
    sofasport_team_id integer primary key references pulse.sofasport_teams,
    fpl_team_code integer not null,
    method text not null,
    confidence numeric(4, 3) not null,
    evidence text not null,
    made_at timestamptz not null,
    updated_at timestamptz not null default now()
);

create table pulse.player_mappings (
    sofasport_player_id integer primary key references pulse.sofasport_players,
    fpl_code integer not null,
    method text not null,
    confidence numeric(4, 3) not null,
    evidence text not null,
    made_at timestamptz not null,
    updated_at timestamptz not null default now()
);
create index on pulse.player_mappings (fpl_code);

create table pulse.fixture_mappings (
    event_id integer primary key references pulse.sofasport_events,
    season text not null,
    fixture_id integer not null,
    is_current boolean not null,
    method text not null,
    confidence numeric(4, 3) not null,
    evidence text not null,
    made_at timestamptz not null,
    updated_at timestamptz not null default now(),
    foreign key (season, fixture_id) references pulse.fpl_fixtures (season, fixture_id)
);
create unique index fixture_mappings_one_current on pulse.fixture_mappings (season, fixture_id) where is_current;

create table pulse.mapping_candidates (
    season text not null,
    kind text not null check (kind in ('team', 'player', 'fixture')),
    sofasport_id integer not null,
    fpl_id integer not null,
    status text not null check (status in ('linked', 'review', 'no_counterpart')),
    is_current boolean,
    method text not null,
    confidence numeric(4, 3) not null,
    evidence text not null,
    updated_at timestamptz not null default now(),
    primary key (season, kind, sofasport_id, fpl_id)
);

-- The archive, the ledger and the runs.

create table pulse.raw_answers (
    answer_id bigint generated always as identity primary key,
    api text not null check (api in ('sofasport', 'fpl')),
    endpoint text not null,
    resource text not null,
    sha256 text not null,
    fetched_at timestamptz not null,
    as_of timestamptz not null,
    body json not null
);
create index on pulse.raw_answers (endpoint, resource, answer_id);

create table pulse.raw_reads (
    endpoint text not null,
    resource text not null,
    api text not null check (api in ('sofasport', 'fpl')),
    params jsonb not null,
    outcome text not null check (outcome in ('answered', 'no_data', 'refused')),
    answer_id bigint references pulse.raw_answers,
    no_data_times smallint not null default 0,
    no_data_since timestamptz,
    fetched_at timestamptz not null,
    as_of timestamptz not null,
    loaded_answer_id bigint references pulse.raw_answers,
    loaded_at timestamptz,
    primary key (endpoint, resource)
);
create index raw_reads_not_loaded on pulse.raw_reads (endpoint) where loaded_answer_id is distinct from answer_id;

create table pulse.api_calls (
    call_id bigint generated always as identity primary key,
    api text not null,
    endpoint text not null,
    resource text not null,
    purpose text not null,
    dag_id text not null,
    run_id text not null,
    task_id text not null,
    map_index integer not null,
    try_number smallint not null,
    attempt smallint not null,
    status smallint not null,
    outcome text not null,
    seconds numeric(8, 3) not null,
    bytes integer not null,
    quota_remaining integer,
    called_at timestamptz not null
);
create index on pulse.api_calls (dag_id, run_id);
create index on pulse.api_calls (api, called_at);

create table pulse.api_pace (
    api text primary key,
    next_slot_at timestamptz not null
);

create table pulse.rejected_records (
    endpoint text not null,
    resource text not null,
    place text not null,
    answer_id bigint not null references pulse.raw_answers,
    reason text not null,
    record jsonb not null,
    as_of timestamptz not null,
    updated_at timestamptz not null default now(),
    primary key (endpoint, resource, place)
);

create table pulse.pipeline_runs (
    dag_id text not null,
    run_id text not null,
    as_of timestamptz not null,
    state text not null check (state in ('running', 'success', 'failed')),
    started_at timestamptz not null,
    finished_at timestamptz,
    is_whole boolean not null default true,
    rows_inserted integer not null default 0,
    rows_updated integer not null default 0,
    coverage jsonb not null default '{}',
    message text,
    primary key (dag_id, run_id)
);
