-- The indexes that are not unique, with their definitions. It is faster to build them again than to keep them up to date.
select indexes.relname::text, pg_get_indexdef(indexes.oid)
from pg_index
join pg_class as indexes on indexes.oid = indexrelid
where indexes.relnamespace = 'pulse'::regnamespace and not indisunique
