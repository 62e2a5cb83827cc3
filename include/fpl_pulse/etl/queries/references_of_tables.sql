select source.relname as table_name, target.relname as points_at
from pg_constraint
join pg_class as source on source.oid = conrelid
join pg_class as target on target.oid = confrelid
where contype = 'f' and connamespace = 'pulse'::regnamespace
