-- The columns of a view of the schema fpl, in order, with type and meaning.
select columns.attname::text as name, format_type(columns.atttypid, null) as type,
       coalesce(col_description(columns.attrelid, columns.attnum), '') as meaning
from pg_attribute as columns
where columns.attrelid = to_regclass('fpl.' || quote_ident(%(view)s)) and columns.attnum > 0 and not columns.attisdropped
order by columns.attnum
