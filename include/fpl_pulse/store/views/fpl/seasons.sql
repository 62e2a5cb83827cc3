create view fpl.seasons as
select season, observed_at = max(observed_at) over () as is_current
from pulse.fpl_seasons;

create view fpl.gameweeks as
select season, gameweek, name, deadline_at, finished as is_finished, data_checked as is_final, is_current,
       average_points, highest_points
from pulse.fpl_gameweeks;

comment on view fpl.seasons is 'The seasons. One row for each season.';
comment on column fpl.seasons.is_current is 'Whether runs work for it now.';

comment on view fpl.gameweeks is 'FPL''s gameweeks. One row for each season and gameweek.';
comment on column fpl.gameweeks.deadline_at is 'Time from the source until which managers may change their teams.';
comment on column fpl.gameweeks.is_finished is 'Whether all matches have been played.';
comment on column fpl.gameweeks.is_final is 'Whether FPL has confirmed all points.';
