select tables.relname as name, obj_description(tables.oid) as comment
from pg_class as tables
where tables.relnamespace = 'pulse'::regnamespace and tables.relkind = 'r' and tables.relname <> 'alembic_version'
order by tables.relname
