-- The season of the newest gameweek that has begun. No row before the first one.
select season from pulse.fpl_gameweeks where deadline_at <= pulse.as_of_now() order by deadline_at desc limit 1
