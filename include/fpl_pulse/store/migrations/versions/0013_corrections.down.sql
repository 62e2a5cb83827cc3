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
