-- The figures of both sources in one row for each player and fixture. Triggers keep it in the transaction of each write
-- to the tables that it comes from.

create table pulse.player_matches (
    season text not null,
    fixture_id integer not null,
    fpl_code integer not null,
    element_id integer not null,
    event_id integer,
    sofasport_player_id integer,
    team_code integer,
    price integer,
    minutes smallint,
    starts smallint,
    total_points smallint,
    bonus smallint,
    bps smallint,
    goals smallint,
    assists smallint,
    own_goals smallint,
    clean_sheets smallint,
    goals_conceded smallint,
    saves smallint,
    penalties_saved smallint,
    penalties_missed smallint,
    yellow_cards smallint,
    red_cards smallint,
    expected_goals numeric(6, 2),
    expected_assists numeric(6, 2),
    expected_goal_involvements numeric(6, 2),
    expected_goals_conceded numeric(6, 2),
    defensive_contribution smallint,
    clearances_blocks_interceptions smallint,
    recoveries smallint,
    tackles smallint,
    influence numeric(6, 1),
    creativity numeric(6, 1),
    threat numeric(6, 1),
    ict_index numeric(6, 1),
    is_starter boolean,
    sofasport_position text,
    shirt_number smallint,
    rating numeric(4, 2),
    sofasport_minutes smallint,
    sofasport_goals smallint,
    sofasport_assists smallint,
    sofasport_own_goals smallint,
    sofasport_expected_goals numeric(8, 4),
    sofasport_expected_assists numeric(8, 4),
    expected_goals_on_target numeric(8, 4),
    shots smallint,
    shots_on_target smallint,
    key_passes smallint,
    passes smallint,
    accurate_passes smallint,
    touches smallint,
    duels_won smallint,
    duels_lost smallint,
    sofasport_tackles smallint,
    interceptions smallint,
    clearances smallint,
    sofasport_recoveries smallint,
    fouls smallint,
    was_fouled smallint,
    sofasport_saves smallint,
    primary key (season, fixture_id, fpl_code)
);
create index on pulse.player_matches (season, fpl_code);
create index on pulse.player_matches (event_id, sofasport_player_id);

-- What the table should hold of some fixtures of a season.
create function pulse.player_matches_of(of_season text, of_fixtures integer[]) returns setof pulse.player_matches
language sql stable parallel safe as $$
with fixtures as materialized (
    select fixtures.fixture_id, fixtures.home_team_code, fixtures.away_team_code, fixtures.kickoff_at, events.event_id
    from pulse.fpl_fixtures as fixtures
    left join pulse.fixture_mappings as links
        on links.season = fixtures.season and links.fixture_id = fixtures.fixture_id and links.is_current
    left join pulse.judged_events as events on events.event_id = links.event_id and events.counts
    where fixtures.season = of_season and fixtures.fixture_id = any(of_fixtures)
), appeared as materialized (
    -- Of two SofaSport profiles of one person, the one that played longer.
    select distinct on (fixtures.fixture_id, links.fpl_code) fixtures.fixture_id, links.fpl_code, lineups.*
    from fixtures
    join pulse.sofasport_lineup_players as lineups using (event_id)
    join pulse.player_mappings as links on links.sofasport_player_id = lineups.player_id
    order by fixtures.fixture_id, links.fpl_code, lineups.minutes desc nulls last, lineups.player_id
), official as materialized (
    select figures.* from pulse.fpl_player_fixtures as figures
    where figures.season = of_season and figures.fixture_id = any(of_fixtures)
)
select of_season, fixtures.fixture_id, players.code, players.element_id, appeared.event_id, appeared.player_id,
       case when appeared.side = 'home' then fixtures.home_team_code
            when appeared.side = 'away' then fixtures.away_team_code
            -- FPL does not say for whom somebody counted who was not in the squad.
            when coalesce(listed.team_code, listed_later.team_code) in (fixtures.home_team_code, fixtures.away_team_code)
                then coalesce(listed.team_code, listed_later.team_code) end,
       listed.now_cost,
       official.minutes, official.starts, official.total_points, official.bonus, official.bps, official.goals, official.assists,
       official.own_goals, official.clean_sheets, official.goals_conceded, official.saves, official.penalties_saved,
       official.penalties_missed, official.yellow_cards, official.red_cards, official.expected_goals,
       official.expected_assists, official.expected_goal_involvements, official.expected_goals_conceded,
       official.defensive_contribution, official.clearances_blocks_interceptions, official.recoveries, official.tackles,
       official.influence, official.creativity, official.threat, official.ict_index,
       appeared.is_starter, appeared.position, appeared.shirt_number, appeared.rating, appeared.minutes, appeared.goals,
       appeared.assists, appeared.own_goals, appeared.expected_goals, appeared.expected_assists,
       appeared.expected_goals_on_target, appeared.shots, appeared.shots_on_target, appeared.key_passes, appeared.passes,
       appeared.accurate_passes, appeared.touches, appeared.duels_won, appeared.duels_lost, appeared.tackles,
       appeared.interceptions, appeared.clearances, appeared.recoveries, appeared.fouls, appeared.was_fouled, appeared.saves
from official
full join appeared on appeared.fixture_id = official.fixture_id and appeared.fpl_code = official.fpl_code
join fixtures on fixtures.fixture_id = coalesce(official.fixture_id, appeared.fixture_id)
join pulse.fpl_players as players
    on players.season = of_season and players.code = coalesce(official.fpl_code, appeared.fpl_code)
left join lateral (
    -- FPL's last observation before kick-off.
    select history.team_code, history.now_cost
    from pulse.fpl_player_history as history
    where history.season = of_season and history.element_id = players.element_id
      and history.observed_at <= fixtures.kickoff_at
    order by history.observed_at desc limit 1
) as listed on true
left join lateral (
    select history.team_code
    from pulse.fpl_player_history as history
    where history.season = of_season and history.element_id = players.element_id and listed.team_code is null
    order by history.observed_at limit 1
) as listed_later on true
$$;

-- Bring the rows of some fixtures of a season up to date. A row that is equal stays untouched.
create function pulse.refresh_player_matches(of_season text, of_fixtures integer[]) returns void
language sql as $$
    with present as materialized (
        select * from pulse.player_matches_of(of_season, of_fixtures)
    ), outdated as (
        delete from pulse.player_matches as kept
        where kept.season = of_season and kept.fixture_id = any(of_fixtures) and not exists (
            select from present
            where present.fixture_id = kept.fixture_id and present.fpl_code = kept.fpl_code and present = kept)
        returning 1
    )
    insert into pulse.player_matches
    select present.*
    from present
    -- Counted first, so that an outdated row is gone before its key is written again.
    cross join (select count(*) from outdated) as deleted
    where not exists (
        select from pulse.player_matches as kept
        where kept.season = of_season and kept.fixture_id = present.fixture_id and kept.fpl_code = present.fpl_code
          and kept = present)
$$;

-- The trigger of each table that player_matches comes from. Arguments: the columns that matter, and a query of the
-- fixtures that the changed rows concern.
create function pulse.follow_player_matches() returns trigger
language plpgsql as $$
declare
    of_old text := format('select %s from old_rows', tg_argv[0]);
    of_new text := format('select %s from new_rows', tg_argv[0]);
    concerned record;
begin
    for concerned in execute format(
        'with changed as (%s) select season, array_agg(distinct fixture_id) as fixtures from (%s) as found group by season',
        case tg_op when 'INSERT' then of_new when 'DELETE' then of_old
             else format('(%1$s except %2$s) union (%2$s except %1$s)', of_old, of_new) end,
        tg_argv[1])
    loop
        perform pulse.refresh_player_matches(concerned.season, concerned.fixtures);
    end loop;
    return null;
end
$$;

do $$
declare
    of_fixture constant text := 'select season, fixture_id from changed';
    of_event constant text := 'select links.season, links.fixture_id from changed join pulse.fixture_mappings as links using (event_id)';
    of_profile constant text := 'select links.season, links.fixture_id from changed'
        ' join pulse.sofasport_lineup_players as lineups on lineups.player_id = changed.sofasport_player_id'
        ' join pulse.fixture_mappings as links using (event_id)';
    of_player constant text := 'select links.season, links.fixture_id from changed'
        ' join pulse.player_mappings as people on people.fpl_code = changed.code'
        ' join pulse.sofasport_lineup_players as lineups on lineups.player_id = people.sofasport_player_id'
        ' join pulse.fixture_mappings as links on links.event_id = lineups.event_id and links.season = changed.season';
    source record;
    event record;
begin
    for source in
        select * from (values
            ('fpl_fixtures', 'season, fixture_id, home_team_code, away_team_code, kickoff_at', of_fixture),
            ('fpl_player_fixtures', '*', of_fixture),
            ('fpl_players', 'season, element_id, code', of_player),
            ('fixture_mappings', 'season, fixture_id, event_id, is_current', of_fixture),
            ('player_mappings', 'sofasport_player_id, fpl_code', of_profile),
            ('sofasport_events', 'event_id, status_code', of_event),
            ('sofasport_lineup_players', '*', of_event)
        ) as sources (table_name, columns, query)
    loop
        for event in
            select * from (values
                ('insert', 'new table as new_rows'),
                ('update', 'old table as old_rows new table as new_rows'),
                ('delete', 'old table as old_rows')
            ) as events (name, tables)
        loop
            execute format(
                'create trigger follow_%1$s_for_matches after %1$s on pulse.%2$I referencing %3$s for each statement'
                ' when (current_setting(''pulse.follows_matches'', true) is distinct from ''off'')'
                ' execute function pulse.follow_player_matches(%4$L, %5$L)',
                event.name, source.table_name, event.tables, source.columns, source.query);
        end loop;
    end loop;
end
$$;

select pulse.refresh_player_matches(season, array_agg(fixture_id)) from pulse.fpl_fixtures group by season;

-- A view of the schema fpl calls it, and a function runs with the rights of its caller unless it says otherwise.
alter function pulse.week_monday(timestamptz) security definer set search_path = pg_catalog, pg_temp;
