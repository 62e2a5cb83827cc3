-- The session that writes a pack. Postgres shows a lock of one number as its two halves.
select format('the database session %%s of %%s from %%s, which began at %%s UTC', activity.pid,
              coalesce(nullif(activity.application_name, ''), 'a program without a name'),
              coalesce(host(activity.client_addr), 'the same machine'),
              to_char(activity.backend_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI'))
from pg_locks as locks
join pg_stat_activity as activity using (pid)
where locks.locktype = 'advisory' and locks.granted and locks.objsubid = 1
  and locks.database = (select oid from pg_database where datname = current_database())
  and (locks.classid::bigint << 32 | locks.objid::bigint) = hashtext('fpl_pulse.packs')::bigint
