-- Primary keys (p), unique keys (u), foreign keys (f), conditions (c), and unique indexes that back no key (i).
select tables.relname as table_name, constraints.contype::text as kind,
       (select array_agg(columns.attname::text order by places.place)
        from unnest(constraints.conkey) with ordinality as places (attnum, place)
        join pg_attribute as columns on columns.attrelid = tables.oid and columns.attnum = places.attnum) as columns,
       pg_get_constraintdef(constraints.oid) as definition
from pg_constraint as constraints
join pg_class as tables on tables.oid = constraints.conrelid
where tables.relnamespace = 'pulse'::regnamespace and constraints.contype in ('p', 'u', 'f', 'c')
union all
select tables.relname, 'i', '{}', pg_get_indexdef(indexes.indexrelid)
from pg_index as indexes
join pg_class as tables on tables.oid = indexes.indrelid
where tables.relnamespace = 'pulse'::regnamespace and indexes.indisunique
  and not exists (select from pg_constraint as constraints where constraints.conindid = indexes.indexrelid)
order by table_name, kind, definition
