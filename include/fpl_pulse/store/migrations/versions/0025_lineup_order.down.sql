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
alter table pulse.sofasport_lineup_players drop column lineup_order;
