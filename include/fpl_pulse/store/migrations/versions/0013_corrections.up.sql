-- A rebuild and a corrected row cost less.

-- A rebuild deletes every row, revisions too, and in the end sets only when each row was changed. It writes no revisions
-- of that. The condition of a trigger takes a tenth of the time of a call of its function.

create or replace trigger keep_revision after update or delete on pulse.sofasport_lineups
    for each row when (current_setting('pulse.keeps_revisions', true) is distinct from 'off')
    execute function pulse.keep_revision('event_id', 'side');
create or replace trigger keep_revision after update or delete on pulse.sofasport_lineup_players
    for each row when (current_setting('pulse.keeps_revisions', true) is distinct from 'off')
    execute function pulse.keep_revision('event_id', 'player_id');
create or replace trigger keep_revision after update or delete on pulse.sofasport_heatmaps
    for each row when (current_setting('pulse.keeps_revisions', true) is distinct from 'off')
    execute function pulse.keep_revision('event_id', 'player_id');
create or replace trigger keep_revision after update or delete on pulse.sofasport_season_statistics
    for each row when (current_setting('pulse.keeps_revisions', true) is distinct from 'off')
    execute function pulse.keep_revision('season', 'player_id');
create or replace trigger keep_revision after update or delete on pulse.sofasport_attributes
    for each row when (current_setting('pulse.keeps_revisions', true) is distinct from 'off')
    execute function pulse.keep_revision('player_id', 'season');
create or replace trigger keep_revision after update or delete on pulse.sofasport_position_averages
    for each row when (current_setting('pulse.keeps_revisions', true) is distinct from 'off')
    execute function pulse.keep_revision('season', 'position');

-- The keys and values of both rows are read once. Looking up each key in both took most of the time of a correction.

create or replace function pulse.differences(old_row jsonb, new_row jsonb) returns jsonb
language sql immutable as $$
    -- Columns one by one; of the statistics object its keys one by one; of other objects and lists only that they differ.
    with pairs as (
        select name, olds.value as old_value, news.value as new_value
        from jsonb_each(old_row - '{observed_at,updated_at,statistics}'::text[]) as olds (name, value)
        full join jsonb_each(new_row - '{observed_at,updated_at,statistics}'::text[]) as news (name, value) using (name)
        where olds.value is distinct from news.value
        union all
        select 'statistics.' || name, olds.value, news.value
        from jsonb_each(coalesce(old_row -> 'statistics', '{}')) as olds (name, value)
        full join jsonb_each(coalesce(new_row -> 'statistics', '{}')) as news (name, value) using (name)
        where olds.value is distinct from news.value
    )
    select coalesce(jsonb_object_agg(name, case
        when jsonb_typeof(old_value) in ('object', 'array') or jsonb_typeof(new_value) in ('object', 'array')
            then jsonb_build_array(null, null)
        else jsonb_build_array(old_value, new_value) end), '{}')
    from pairs
$$;
