-- The Markdown of every table and view, except Alembic's version table: the comment, the columns with the primary key in
-- bold, then foreign keys, unique keys, checks, and unique indexes that back no key.
with key_columns as (
    select conrelid as table_oid, unnest(conkey) as attnum from pg_constraint where contype = 'p'
),
column_lines as (
    select columns.attrelid as table_oid,
           string_agg(format('| %%s | %%s | %%s | %%s |',
                             case when key_columns.attnum is null then columns.attname::text
                                  else format('**%%s**', columns.attname) end,
                             format_type(columns.atttypid, columns.atttypmod),
                             case when columns.attnotnull then 'no' else 'yes' end,
                             replace(coalesce(col_description(columns.attrelid, columns.attnum), ''), '|', '\|')),
                      e'\n' order by columns.attnum) as lines
    from pg_attribute as columns
    left join key_columns on key_columns.table_oid = columns.attrelid and key_columns.attnum = columns.attnum
    where columns.attnum > 0 and not columns.attisdropped
    group by columns.attrelid
),
constraint_lines as (
    -- Every object is in the schema pulse, and every index is a B-tree: both words are left out.
    select table_oid,
           string_agg(format('- `%%s`', replace(replace(definition, 'pulse.', ''), ' USING btree', '')),
                      e'\n' order by kind, definition) as lines
    from (
        select conrelid as table_oid, contype::text as kind, pg_get_constraintdef(oid) as definition
        from pg_constraint
        where contype in ('u', 'f', 'c')
        union all
        select indrelid, 'i', pg_get_indexdef(indexrelid)
        from pg_index
        where indisunique and not exists (select from pg_constraint where conindid = indexrelid)
    ) as constraints
    group by table_oid
)
select tables.relname as name,
       concat_ws(e'\n\n',
                 '### ' || tables.relname || case when tables.relkind = 'v' then ' (view)' else '' end,
                 coalesce(obj_description(tables.oid), ''),
                 e'| column | type | null | meaning |\n|---|---|---|---|\n' || column_lines.lines,
                 constraint_lines.lines) as markdown
from pg_class as tables
join column_lines on column_lines.table_oid = tables.oid
left join constraint_lines on constraint_lines.table_oid = tables.oid
where tables.relnamespace = %(schema)s::regnamespace and tables.relkind in ('r', 'v') and tables.relname <> 'alembic_version'
order by tables.relname
