select tables.relname as name, obj_description(tables.oid) as comment, tables.relkind = 'v' as is_view
from pg_class as tables
where tables.relnamespace = 'pulse'::regnamespace and tables.relkind in ('r', 'v') and tables.relname <> 'alembic_version'
order by tables.relname
