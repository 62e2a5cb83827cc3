create view fpl.coverage as
select distinct on (season, gameweek, what)
       season, nullif(gameweek, 0) as gameweek, what, have, want, not_yet, is_enough, is_complete, missing,
       missing_count, as_of, dag_id, run_id
from pulse.coverage
order by season, gameweek, what, as_of desc, dag_id, run_id;

comment on view fpl.coverage is 'How much of each kind of data a gameweek has, as the newest check counted it. One row for each season, gameweek and kind of data.';
comment on column fpl.coverage.gameweek is 'Null when it is unknown.';
comment on column fpl.coverage.what is 'The kind of data, for example heatmaps.';
comment on column fpl.coverage.have is 'How many were present.';
comment on column fpl.coverage.want is 'How many were required, plus those that were present early.';
comment on column fpl.coverage.not_yet is 'How many more were missing and are excused, for example because the match was played yesterday.';
comment on column fpl.coverage.is_enough is 'Whether the check passed.';
comment on column fpl.coverage.is_complete is 'Whether nothing was missing, excused or not, beyond the tolerance of the check.';
comment on column fpl.coverage.missing is 'Names of up to 50 that were missing.';
comment on column fpl.coverage.as_of is 'As-of time of the run.';
