select tables.relname as table_name, columns.attname as name, format_type(columns.atttypid, columns.atttypmod) as type,
       not columns.attnotnull as nullable, col_description(tables.oid, columns.attnum) as comment
from pg_class as tables
join pg_attribute as columns on columns.attrelid = tables.oid and columns.attnum > 0 and not columns.attisdropped
where tables.relnamespace = 'pulse'::regnamespace and tables.relkind in ('r', 'v')
order by tables.relname, columns.attnum
