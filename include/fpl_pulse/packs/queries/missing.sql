-- What the tables should hold of the gameweeks up to one, and lack: a row for each gameweek and kind of data, with up to
-- three names. Matches since `settles_at` may still be completed.
select gameweek, what, (count(*) filter (where is_there))::int as have, count(*)::int as want,
       (array_agg(name order by start_at nulls last, name collate "C") filter (where not is_there))[1:3] as names,
       bool_and(coalesce(start_at > %(settles_at)s, false) or may_wait) filter (where not is_there) as is_expected
from pulse.expected_data_of(%(season)s)
where gameweek <= %(gameweek)s
group by gameweek, what
having count(*) filter (where not is_there) > 0
order by gameweek desc, what collate "C"
