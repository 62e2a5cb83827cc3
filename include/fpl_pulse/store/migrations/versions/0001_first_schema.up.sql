-- FPL: what the fantasy game says. Ids belong to one season; `code` is for life.

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
comment on table pulse.fpl_gameweeks is 'FPL''s gameweeks of each season, from bootstrap-static.';
comment on column pulse.fpl_gameweeks.season is 'Season as 2025-26.';
comment on column pulse.fpl_gameweeks.data_checked is 'FPL has confirmed every point of the gameweek; its official figures are final.';
comment on column pulse.fpl_gameweeks.deadline_at is 'Until when teams may be changed.';

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
comment on table pulse.fpl_teams is 'FPL''s clubs of each season. team_id is renumbered every summer, code is for life.';
comment on column pulse.fpl_teams.code is 'FPL''s number of the club for life.';
comment on column pulse.fpl_teams.details is 'The whole object from bootstrap-static.';
comment on column pulse.fpl_teams.team_id is 'FPL''s number of the club in this season, 1-20.';

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
comment on table pulse.fpl_players is 'FPL''s players ("elements") of each season. element_id belongs to the season, code to the person.';
comment on column pulse.fpl_players.code is 'FPL''s number of the person for life.';
comment on column pulse.fpl_players.team_code is 'The club he is listed for now.';
comment on column pulse.fpl_players.position is '1 goalkeeper, 2 defender, 3 midfielder, 4 forward.';
comment on column pulse.fpl_players.now_cost is 'Price in tenths of a million.';
comment on column pulse.fpl_players.added_at is 'When he was first seen; FPL adds players all season.';
comment on column pulse.fpl_players.details is 'The whole object from bootstrap-static.';
comment on column pulse.fpl_players.element_id is 'FPL''s number of the player in this season; he keeps it when he changes club.';
comment on column pulse.fpl_players.web_name is 'The name on the shirt, as FPL shows it; several players can share one.';
comment on column pulse.fpl_players.known_name is 'FPL''s known_name; it exists since 2026-27.';
comment on column pulse.fpl_players.status is 'FPL''s letter: a available, d doubtful, i injured, s suspended, u unavailable, n not eligible.';
comment on column pulse.fpl_players.minutes is 'Of the season so far, as are total_points, goals and assists.';

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
comment on table pulse.fpl_fixtures is 'FPL''s fixtures. Gameweek and kick-off move, also to null; fixture_id stays for the season.';
comment on column pulse.fpl_fixtures.gameweek is 'Null while a postponed fixture has no gameweek.';
comment on column pulse.fpl_fixtures.finished_provisional is 'The final whistle has gone; bonus points are still to come.';
comment on column pulse.fpl_fixtures.code is 'FPL''s number of the fixture over all seasons.';
comment on column pulse.fpl_fixtures.kickoff_at is 'Null while a postponed fixture has no date.';
comment on column pulse.fpl_fixtures.finished is 'The figures are final, bonus points included.';
comment on column pulse.fpl_fixtures.minutes is 'FPL''s count of minutes played, 90 at the end.';
comment on column pulse.fpl_fixtures.details is 'The whole object from fixtures/.';

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
comment on table pulse.fpl_player_fixtures is 'FPL''s official figures of a player in a fixture, from event/{gw}/live/.';
comment on column pulse.fpl_player_fixtures.clean_sheets is 'Null, as are goals_conceded, saves, starts, bps and the expected figures, for a player with two fixtures in the gameweek: FPL states them for the gameweek only.';
comment on column pulse.fpl_player_fixtures.details is 'The explain block of the fixture.';
comment on column pulse.fpl_player_fixtures.fpl_code is 'The person, as fpl_players.code.';
comment on column pulse.fpl_player_fixtures.gameweek is 'The gameweek that FPL counts the figures to.';
comment on column pulse.fpl_player_fixtures.starts is '1 when he was in the starting eleven, else 0.';
comment on column pulse.fpl_player_fixtures.bps is 'Bonus points system: FPL''s score by which bonus is given.';
comment on column pulse.fpl_player_fixtures.total_points is 'The sum of the points in the explain block of the fixture.';

-- SofaSport: what the match data provider says. Its ids are for life, except the season's.

create table pulse.sofasport_seasons (
    season text primary key,
    season_id integer not null unique,
    updated_at timestamptz not null default now()
);
comment on table pulse.sofasport_seasons is 'SofaSport''s id of each Premier League season, looked up, never written down.';
comment on column pulse.sofasport_seasons.season is 'FPL''s name of the season, as 2025-26.';

create table pulse.sofasport_teams (
    team_id integer primary key,
    name text not null,
    short_name text,
    slug text,
    name_code text,
    updated_at timestamptz not null default now()
);
comment on table pulse.sofasport_teams is 'SofaSport''s clubs, as named in event lists.';
comment on column pulse.sofasport_teams.name_code is 'SofaSport''s three letters of the club.';

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
comment on table pulse.sofasport_players is 'Everyone seen in a squad, a lineup or a list of missing players, linked to FPL or not.';
comment on column pulse.sofasport_players.position is 'G, D, M or F; null when SofaSport does not say.';
comment on column pulse.sofasport_players.birth_date is 'Null when SofaSport does not say or says nothing believable.';
comment on column pulse.sofasport_players.country_code is 'ISO 3166-1, three letters.';

create table pulse.sofasport_squads (
    season text not null,
    team_id integer not null references pulse.sofasport_teams,
    player_id integer not null references pulse.sofasport_players,
    shirt_number smallint,
    is_current boolean not null,
    updated_at timestamptz not null default now(),
    primary key (season, team_id, player_id)
);
comment on table pulse.sofasport_squads is 'Who was listed for a club in a season; is_current is false once a later list no longer has him.';
comment on column pulse.sofasport_squads.shirt_number is 'As the squad list says; null when it does not.';

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
comment on table pulse.sofasport_events is 'SofaSport''s events (matches). One FPL fixture can have several; fixture_mappings says which is current.';
comment on column pulse.sofasport_events.round is 'The round as planned; wrong for moved matches, FPL''s gameweek is right.';
comment on column pulse.sofasport_events.status_code is '0 not started; 6, 7, 20, 31 in progress; 60 postponed; 70 cancelled; 80 interrupted; 90 abandoned; 100, 110, 120 ended.';
comment on column pulse.sofasport_events.details is 'The event object without the tournament, season and team objects.';
comment on column pulse.sofasport_events.season is 'As 2025-26.';
comment on column pulse.sofasport_events.start_at is 'The kick-off; a postponed event can keep its old one.';
comment on column pulse.sofasport_events.home_score is 'Goals; null before kick-off, as is away_score.';
comment on column pulse.sofasport_events.home_score_period1 is 'Goals at half-time.';

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
comment on table pulse.sofasport_lineups is 'A club''s lineup in a match.';
comment on column pulse.sofasport_lineups.with_minutes is 'Players with minutes; 0 while the match has no statistics yet.';
comment on column pulse.sofasport_lineups.observed_at is 'The moment of the run that first saw this content.';
comment on column pulse.sofasport_lineups.confirmed is 'False: a forecast made before the match.';
comment on column pulse.sofasport_lineups.starters is 'How many of its players start; 11 when complete.';
comment on column pulse.sofasport_lineups.missing_players is 'List of the SofaSport ids of players who are injured, suspended or absent otherwise.';

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
comment on table pulse.sofasport_lineup_players is 'A player in a match, with his match statistics.';
comment on column pulse.sofasport_lineup_players.team_id is 'The club of his side in this match.';
comment on column pulse.sofasport_lineup_players.shown_team_id is 'The teamId that SofaSport shows, which for youth players is another team''s.';
comment on column pulse.sofasport_lineup_players.minutes is 'Null while the match has no statistics; 0 for an unused substitute.';
comment on column pulse.sofasport_lineup_players.goals is 'Counts are 0 for a player with minutes when SofaSport omits them (it omits zeros), null without minutes.';
comment on column pulse.sofasport_lineup_players.expected_goals is 'Null when nobody in the match has the figure, else 0 when omitted; the same holds for the other expected figures.';
comment on column pulse.sofasport_lineup_players.statistics is 'The whole statistics object, with keys that have no column.';
comment on column pulse.sofasport_lineup_players.position is 'G, D, M or F: in this match, else his usual one.';
comment on column pulse.sofasport_lineup_players.rating is 'SofaSport''s mark, 3-10; corrected for some days after the match.';
comment on column pulse.sofasport_lineup_players.observed_at is 'The moment of the run that first saw this content.';

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
comment on table pulse.sofasport_heatmaps is 'Where a player touched the ball in a match: recorded actions, not tracking.';
comment on column pulse.sofasport_heatmaps.points is 'List of {"x", "y"}, 0-100; x runs from the player''s own goal line.';
comment on column pulse.sofasport_heatmaps.mean_x is 'Mean of x over the points: how far up the pitch he was.';
comment on column pulse.sofasport_heatmaps.mean_y is 'Mean of y over the points.';
comment on column pulse.sofasport_heatmaps.observed_at is 'The moment of the run that first saw this content.';

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
comment on table pulse.sofasport_season_statistics is 'A player''s season in the Premier League so far, as SofaSport adds it up.';
comment on column pulse.sofasport_season_statistics.team_id is 'The club that the answer names: his present one.';
comment on column pulse.sofasport_season_statistics.statistics is 'The whole statistics object.';
comment on column pulse.sofasport_season_statistics.rating is 'Mean of his match ratings: total_rating over count_rating.';
comment on column pulse.sofasport_season_statistics.accurate_passes_percentage is '0-100, as are the other percentages.';
comment on column pulse.sofasport_season_statistics.observed_at is 'The moment of the run that first saw this content.';

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
comment on table pulse.sofasport_attributes is 'A player''s own radar attributes, 0-100, one row a season. Never the average of his position.';
comment on column pulse.sofasport_attributes.season is 'The season that the row speaks of: the season it was read in, less year_shift.';
comment on column pulse.sofasport_attributes.year_shift is 'SofaSport''s yearShift when it was last read: 0 that season, 1 the one before.';
comment on column pulse.sofasport_attributes.saves is 'Goalkeepers have saves, anticipation, ball_distribution and aerial in place of the other axes.';
comment on column pulse.sofasport_attributes.position is 'G, D, M or F, as SofaSport classes him for the season.';
comment on column pulse.sofasport_attributes.details is 'The whole object of the season.';
comment on column pulse.sofasport_attributes.observed_at is 'The moment of the run that first saw this content.';

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
comment on table pulse.sofasport_position_averages is 'The average radar of a position: the ring to compare a player with.';
comment on column pulse.sofasport_position_averages.season is 'The season it was read in.';
comment on column pulse.sofasport_position_averages.position is 'G, D, M or F.';
comment on column pulse.sofasport_position_averages.details is 'The whole object of the average that most answers stated.';
comment on column pulse.sofasport_position_averages.observed_at is 'The moment of the run that first saw this content.';

-- Who is who.

create table pulse.team_mappings (
    sofasport_team_id integer primary key references pulse.sofasport_teams,
    fpl_team_code integer not null,
    method text not null,
    confidence numeric(4, 3) not null,
    evidence text not null,
    made_at timestamptz not null,
    updated_at timestamptz not null default now()
);
comment on table pulse.team_mappings is 'SofaSport club to FPL club, for life.';
comment on column pulse.team_mappings.fpl_team_code is 'As fpl_teams.code.';
comment on column pulse.team_mappings.method is 'What the link rests on.';
comment on column pulse.team_mappings.confidence is '0-1.';
comment on column pulse.team_mappings.evidence is 'The reason in words.';
comment on column pulse.team_mappings.made_at is 'The moment of the run that made the link.';

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
comment on table pulse.player_mappings is 'SofaSport player to FPL person, for life. Two SofaSport profiles may be one person.';
comment on column pulse.player_mappings.fpl_code is 'As fpl_players.code.';
comment on column pulse.player_mappings.method is 'What the link rests on.';
comment on column pulse.player_mappings.confidence is '0-1.';
comment on column pulse.player_mappings.evidence is 'The reason in words.';
comment on column pulse.player_mappings.made_at is 'The moment of the run that made the link.';

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
comment on table pulse.fixture_mappings is 'SofaSport event to FPL fixture. All events of a fixture are kept, at most one is current.';
comment on column pulse.fixture_mappings.is_current is 'Whether this event is the one in which the fixture is or was played.';
comment on column pulse.fixture_mappings.method is 'What the link rests on.';
comment on column pulse.fixture_mappings.confidence is '0-1.';
comment on column pulse.fixture_mappings.evidence is 'The reason in words.';
comment on column pulse.fixture_mappings.made_at is 'The moment of the run that made the link.';

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
comment on table pulse.mapping_candidates is 'What the newest matching proposes: links, doubtful pairs that wait for a person, and who has no counterpart.';
comment on column pulse.mapping_candidates.fpl_id is 'Team code, player code or fixture id; 0 when there is no counterpart.';
comment on column pulse.mapping_candidates.sofasport_id is 'Team, player or event id, by kind.';
comment on column pulse.mapping_candidates.status is 'linked: becomes a mapping; review: doubtful, a person should look; no_counterpart: FPL has nobody like this.';
comment on column pulse.mapping_candidates.is_current is 'For fixtures: see fixture_mappings. Null for the other kinds.';
comment on column pulse.mapping_candidates.confidence is '0-1.';
comment on column pulse.mapping_candidates.evidence is 'The reason in words.';

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
comment on table pulse.raw_answers is 'Every answer as it came. An answer equal to the one before it is not stored again; raw_reads then has the newer time.';
comment on column pulse.raw_answers.resource is 'The parameters in order of name, as event_id=1&player_id=2.';
comment on column pulse.raw_answers.sha256 is 'Of the body with its keys sorted.';
comment on column pulse.raw_answers.fetched_at is 'Wall clock.';
comment on column pulse.raw_answers.as_of is 'The moment of the run that fetched it.';
comment on column pulse.raw_answers.body is 'The payload as it came, its keys sorted; of SofaSport what is under data.';

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
comment on table pulse.raw_reads is 'The newest look at each resource: what was learnt, when, and whether it has been loaded into the tables.';
comment on column pulse.raw_reads.outcome is 'no_data: the source answered well and had nothing, or an empty list. refused: the answer could not be loaded; it is asked for again.';
comment on column pulse.raw_reads.no_data_times is 'How many times in a row there was nothing.';
comment on column pulse.raw_reads.no_data_since is 'The moment of the run that first found nothing; null while there is an answer.';
comment on column pulse.raw_reads.params is 'The parameters as JSON; resource is the same in one line.';
comment on column pulse.raw_reads.answer_id is 'The newest answer; null when there never was one.';
comment on column pulse.raw_reads.fetched_at is 'Wall clock.';
comment on column pulse.raw_reads.as_of is 'The moment of the run that looked.';
comment on column pulse.raw_reads.loaded_answer_id is 'The answer that the tables hold; while it differs from answer_id, the newest waits to be loaded.';

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
comment on table pulse.api_calls is 'The ledger: one row for every HTTP call, good or bad.';
comment on column pulse.api_calls.status is 'HTTP status; 0 when there was no answer.';
comment on column pulse.api_calls.outcome is 'answered, no_data, or the name of the error.';
comment on column pulse.api_calls.purpose is 'What the call was made for, in words.';
comment on column pulse.api_calls.map_index is 'Which of the mapped tasks; -1 for a task that is not mapped.';
comment on column pulse.api_calls.attempt is 'Which attempt of the same call within a task''s try.';
comment on column pulse.api_calls.seconds is 'From the start of the call to the end of the answer, the wait for its turn left out.';
comment on column pulse.api_calls.bytes is 'Size of the answer''s body.';
comment on column pulse.api_calls.quota_remaining is 'x-ratelimit-requests-remaining; null when the API did not send it.';

create table pulse.api_pace (
    api text primary key,
    next_slot_at timestamptz not null
);
comment on table pulse.api_pace is 'When the next call of an API may start: one pace for the whole installation.';

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
comment on table pulse.rejected_records is 'Records of an answer that were not loaded, each with the reason; the answer itself is in raw_answers.';
comment on column pulse.rejected_records.place is 'Where in the answer, as home.players[3].';
comment on column pulse.rejected_records.record is 'The record as it came.';
comment on column pulse.rejected_records.as_of is 'The moment of the run that fetched the answer.';

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
comment on table pulse.pipeline_runs is 'One row for each run of a pipeline: its moment, what it wrote and what its check found.';
comment on column pulse.pipeline_runs.as_of is 'The moment that the run works for: its slot, or when it was triggered.';
comment on column pulse.pipeline_runs.is_whole is 'False for a run by hand that was bounded to chosen gameweeks, matches or players.';
comment on column pulse.pipeline_runs.coverage is 'Per thing counted: {"have": n, "want": n}.';
comment on column pulse.pipeline_runs.run_id is 'Airflow''s run id.';
comment on column pulse.pipeline_runs.started_at is 'Wall clock of the newest start; a clear begins anew.';
comment on column pulse.pipeline_runs.rows_updated is 'Rows updated or deleted.';
comment on column pulse.pipeline_runs.message is 'A sentence: what the check found, or which task failed and why.';
