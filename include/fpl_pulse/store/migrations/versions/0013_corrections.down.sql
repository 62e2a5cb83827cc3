-- The functions and triggers of 0012.

create or replace trigger keep_revision after update or delete on pulse.sofasport_lineups
    for each row execute function pulse.keep_revision('event_id', 'side');
create or replace trigger keep_revision after update or delete on pulse.sofasport_lineup_players
    for each row execute function pulse.keep_revision('event_id', 'player_id');
create or replace trigger keep_revision after update or delete on pulse.sofasport_heatmaps
    for each row execute function pulse.keep_revision('event_id', 'player_id');
create or replace trigger keep_revision after update or delete on pulse.sofasport_season_statistics
    for each row execute function pulse.keep_revision('season', 'player_id');
create or replace trigger keep_revision after update or delete on pulse.sofasport_attributes
    for each row execute function pulse.keep_revision('player_id', 'season');
create or replace trigger keep_revision after update or delete on pulse.sofasport_position_averages
    for each row execute function pulse.keep_revision('season', 'position');

create or replace function pulse.keep_revision() returns trigger
language plpgsql as $$
declare
    old_row jsonb;
    new_row jsonb;
    what_differs jsonb;
begin
    -- A rebuild deletes every row, revisions too, and in the end sets only when each row was changed.
    if current_setting('pulse.keeps_revisions', true) = 'off' then
        return null;
    end if;
    old_row := to_jsonb(old);
    if tg_op = 'UPDATE' then
        new_row := to_jsonb(new);
        what_differs := pulse.differences(old_row, new_row);
    end if;
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

create or replace function pulse.differences(old_row jsonb, new_row jsonb) returns jsonb
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
