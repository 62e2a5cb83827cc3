-- Limit the wait for a lock in this transaction. If this machine vanishes, Postgres ends the session after two minutes.
select set_config('lock_timeout', %(max_wait)s, true), set_config('tcp_keepalives_idle', '60', false),
       set_config('tcp_keepalives_interval', '20', false), set_config('tcp_keepalives_count', '3', false)
