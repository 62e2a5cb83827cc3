create view fpl.player_history as
select history.season, players.web_name as player, teams.name as team, fpl.position_name(players.position) as position,
       history.observed_at as observed_from,
       lead(history.observed_at) over (
           partition by history.season, history.element_id order by history.observed_at) as observed_until,
       (history.now_cost / 10.0)::numeric(4, 1) as price, history.selected_by_percent as ownership, history.transfers_in,
       history.transfers_in_event as transfers_in_gameweek, history.transfers_out,
       history.transfers_out_event as transfers_out_gameweek, fpl.status_name(history.status) as status,
       history.chance_of_playing_this_round, history.chance_of_playing_next_round, history.news, history.news_added_at,
       history.form, history.expected_points_this_round, history.expected_points_next_round,
       players.code, history.element_id, history.team_code
from pulse.fpl_player_history as history
join pulse.fpl_players as players on players.season = history.season and players.element_id = history.element_id
join pulse.fpl_teams as teams on teams.season = history.season and teams.code = history.team_code;

create view fpl.players_at_deadline as
select gameweeks.season, gameweeks.gameweek, gameweeks.deadline_at, players.web_name as player, teams.name as team,
       fpl.position_name(players.position) as position, (seen.now_cost / 10.0)::numeric(4, 1) as price,
       seen.selected_by_percent as ownership, seen.transfers_in, seen.transfers_in_event as transfers_in_gameweek,
       seen.transfers_out, seen.transfers_out_event as transfers_out_gameweek, fpl.status_name(seen.status) as status,
       seen.chance_of_playing_next_round as chance_of_playing, seen.news, seen.form,
       seen.expected_points_next_round as expected_points, seen.observed_at, players.code, players.element_id, seen.team_code
from pulse.fpl_gameweeks as gameweeks
join pulse.fpl_players as players on players.season = gameweeks.season
cross join lateral (
    select history.* from pulse.fpl_player_history as history
    where history.season = players.season and history.element_id = players.element_id
      and history.observed_at <= gameweeks.deadline_at
    order by history.observed_at desc limit 1
) as seen
join pulse.fpl_teams as teams on teams.season = players.season and teams.code = seen.team_code
-- Before a deadline its state is not known yet.
where gameweeks.deadline_at <= (select max(observed_at) from pulse.fpl_player_history where season = gameweeks.season);

-- The price changed after earlier_seen_at and not later than seen_at.
create view fpl.price_changes as
select season, player, team, position, earlier_price, price, price - earlier_price as change, earlier_seen_at,
       observed_from as seen_at, code, element_id
from (
    select history.*, lag(history.price) over of_player as earlier_price, lag(history.observed_from) over of_player as earlier_seen_at
    from fpl.player_history as history
    window of_player as (partition by history.season, history.element_id order by history.observed_from)
) as states
where price <> earlier_price;

comment on view fpl.player_history is 'What FPL overwrites of a player: one row for each state that a run has seen. One row for each season, player and time.';
comment on column fpl.player_history.observed_from is 'As-of time of the run that first saw the state.';
comment on column fpl.player_history.observed_until is 'As-of time of the run that saw the next one. Null for the newest.';
comment on column fpl.player_history.price is 'In millions of pounds.';
comment on column fpl.player_history.ownership is 'Share of FPL''s managers who own the player, 0-100.';
comment on column fpl.player_history.transfers_in_gameweek is 'Transfers since the last deadline.';
comment on column fpl.player_history.news_added_at is 'Time from the source when FPL last changed the news.';

comment on view fpl.players_at_deadline is 'The last state of each player that was seen before a gameweek''s deadline. One row for each season, gameweek and player.';
comment on column fpl.players_at_deadline.deadline_at is 'Time from the source: the deadline.';
comment on column fpl.players_at_deadline.observed_at is 'As-of time of the run that first saw the state.';
comment on column fpl.players_at_deadline.transfers_in_gameweek is 'Transfers since the deadline before, up to the reading.';

comment on view fpl.price_changes is 'Changes of prices. One row for each season, player and time.';
comment on column fpl.price_changes.change is 'In millions of pounds.';
comment on column fpl.price_changes.earlier_seen_at is 'As-of time of a reading with the earlier price. The price changed after it.';
comment on column fpl.price_changes.seen_at is 'As-of time of the first reading with the new price.';
