-- The parameters of a resource in order of name, as the archive writes them: event_id=1&player_id=2.
create or replace function pg_temp.in_words(params jsonb) returns text language sql immutable
return (select string_agg(key || '=' || value, '&' order by key) from jsonb_each_text(params))
