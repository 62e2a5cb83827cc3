-- What a row held before it was corrected or taken away. Written by triggers, so that no load can forget it.

create table pulse.revisions (
    revision_id bigint generated always as identity primary key,
    table_name text not null,
    key jsonb not null,
    content jsonb not null,
    changed jsonb,
    valid_from timestamptz not null,
    valid_to timestamptz not null,
    recorded_at timestamptz not null default now()
);
create index on pulse.revisions (table_name, valid_to);
create index on pulse.revisions (table_name, key);

create function pulse.differences(old_row jsonb, new_row jsonb) returns jsonb
language sql immutable as $$
    -- Columns one by one; of the statistics object its keys one by one; of other objects and lists only that they differ.
    with pairs as (
        select name, old_row -> name as old_value, new_row -> name as new_value
        from jsonb_object_keys(old_row || new_row) as name
        where name not in ('observed_at', 'updated_at', 'statistics')
        union all
        select 'statistics.' || name, old_row -> 'statistics' -> name, new_row -> 'statistics' -> name
        from jsonb_object_keys(coalesce(old_row -> 'statistics', '{}') || coalesce(new_row -> 'statistics', '{}')) as name
    )
    select coalesce(jsonb_object_agg(name, case
        when jsonb_typeof(old_value) in ('object', 'array') or jsonb_typeof(new_value) in ('object', 'array')
            then jsonb_build_array(null, null)
        else jsonb_build_array(old_value, new_value) end), '{}')
    from pairs
    where old_value is distinct from new_value
$$;

create function pulse.keep_revision() returns trigger
language plpgsql as $$
declare
    old_row jsonb := to_jsonb(old);
    new_row jsonb := case when tg_op = 'UPDATE' then to_jsonb(new) end;
    what_differs jsonb := case when tg_op = 'UPDATE' then pulse.differences(old_row, new_row) end;
begin
    if what_differs = '{}' then
        return null;
    end if;
    insert into pulse.revisions (table_name, key, content, changed, valid_from, valid_to)
    values (
        tg_table_name,
        (select jsonb_object_agg(name, old_row -> name) from unnest(tg_argv) as name),
        old_row,
        what_differs,
        old.observed_at,
        -- A deleted row has no successor that states the time, so the load sets it (pulse.as_of).
        coalesce((new_row ->> 'observed_at')::timestamptz, nullif(current_setting('pulse.as_of', true), '')::timestamptz, now())
    );
    return null;
end
$$;

create trigger keep_revision after update or delete on pulse.sofasport_lineups
    for each row execute function pulse.keep_revision('event_id', 'side');
create trigger keep_revision after update or delete on pulse.sofasport_lineup_players
    for each row execute function pulse.keep_revision('event_id', 'player_id');
create trigger keep_revision after update or delete on pulse.sofasport_heatmaps
    for each row execute function pulse.keep_revision('event_id', 'player_id');
create trigger keep_revision after update or delete on pulse.sofasport_season_statistics
    for each row execute function pulse.keep_revision('season', 'player_id');
create trigger keep_revision after update or delete on pulse.sofasport_attributes
    for each row execute function pulse.keep_revision('player_id', 'season');
create trigger keep_revision after update or delete on pulse.sofasport_position_averages
    for each row execute function pulse.keep_revision('season', 'position');

create function pulse.lineups_as_of(moment timestamptz) returns setof pulse.sofasport_lineups
language sql stable as $$
    select rows.* from pulse.sofasport_lineups as rows where rows.observed_at <= moment
    union all
    select (jsonb_populate_record(null::pulse.sofasport_lineups, content)).*
    from pulse.revisions
    where table_name = 'sofasport_lineups' and valid_from <= moment and moment < valid_to
$$;

create function pulse.lineup_players_as_of(moment timestamptz) returns setof pulse.sofasport_lineup_players
language sql stable as $$
    select rows.* from pulse.sofasport_lineup_players as rows where rows.observed_at <= moment
    union all
    select (jsonb_populate_record(null::pulse.sofasport_lineup_players, content)).*
    from pulse.revisions
    where table_name = 'sofasport_lineup_players' and valid_from <= moment and moment < valid_to
$$;

create function pulse.heatmaps_as_of(moment timestamptz) returns setof pulse.sofasport_heatmaps
language sql stable as $$
    select rows.* from pulse.sofasport_heatmaps as rows where rows.observed_at <= moment
    union all
    select (jsonb_populate_record(null::pulse.sofasport_heatmaps, content)).*
    from pulse.revisions
    where table_name = 'sofasport_heatmaps' and valid_from <= moment and moment < valid_to
$$;

create function pulse.season_statistics_as_of(moment timestamptz) returns setof pulse.sofasport_season_statistics
language sql stable as $$
    select rows.* from pulse.sofasport_season_statistics as rows where rows.observed_at <= moment
    union all
    select (jsonb_populate_record(null::pulse.sofasport_season_statistics, content)).*
    from pulse.revisions
    where table_name = 'sofasport_season_statistics' and valid_from <= moment and moment < valid_to
$$;

create function pulse.attributes_as_of(moment timestamptz) returns setof pulse.sofasport_attributes
language sql stable as $$
    select rows.* from pulse.sofasport_attributes as rows where rows.observed_at <= moment
    union all
    select (jsonb_populate_record(null::pulse.sofasport_attributes, content)).*
    from pulse.revisions
    where table_name = 'sofasport_attributes' and valid_from <= moment and moment < valid_to
$$;

create function pulse.position_averages_as_of(moment timestamptz) returns setof pulse.sofasport_position_averages
language sql stable as $$
    select rows.* from pulse.sofasport_position_averages as rows where rows.observed_at <= moment
    union all
    select (jsonb_populate_record(null::pulse.sofasport_position_averages, content)).*
    from pulse.revisions
    where table_name = 'sofasport_position_averages' and valid_from <= moment and moment < valid_to
$$;

create view pulse.changes as
select revisions.valid_to as changed_at, revisions.table_name, revisions.key, figures.figure,
       figures.old_and_new -> 0 as old_value, figures.old_and_new -> 1 as new_value, revisions.valid_from as old_since
from pulse.revisions
cross join lateral (
    select figure, old_and_new from jsonb_each(revisions.changed) as each_change (figure, old_and_new)
    union all
    select 'row taken away', null::jsonb where revisions.changed is null
) as figures;
