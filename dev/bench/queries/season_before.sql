-- A season that is some years older: 2025-26 and 1 give 2024-25.
create or replace function pg_temp.earlier(season text, years integer) returns text language sql immutable
return format('%s-%s', left(season, 4)::int - years, lpad(((left(season, 4)::int - years + 1) % 100)::text, 2, '0'))
