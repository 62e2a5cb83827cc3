-- How much of each kind of data each gameweek has, as the newest check counted it, and when it was last complete.
select distinct on (gameweek, what)
       nullif(gameweek, 0) as gameweek, what, have, want, not_yet, is_enough, is_complete, missing, missing_count, as_of,
       max(as_of) filter (where is_complete) over (partition by gameweek, what) as last_complete_at
from pulse.coverage
where season = %(season)s
order by gameweek, what, as_of desc, dag_id, run_id
