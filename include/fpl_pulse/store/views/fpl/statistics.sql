create view fpl.season_statistics as
select totals.season, players.web_name as player, fpl.position_name(players.position) as position,
       clubs.name as team, totals.appearances, totals.matches_started as starts, totals.minutes, totals.rating,
       totals.total_rating, totals.count_rating, totals.goals, totals.assists, totals.expected_goals,
       totals.expected_assists, totals.big_chances_created, totals.big_chances_missed, totals.shots,
       totals.shots_on_target, totals.passes, totals.accurate_passes, totals.accurate_passes_percentage,
       totals.key_passes, totals.accurate_long_balls, totals.accurate_long_balls_percentage,
       totals.successful_dribbles, totals.tackles, totals.interceptions, totals.clearances, totals.recoveries,
       totals.duels_won, totals.duels_won_percentage, totals.aerial_duels_won, totals.ground_duels_won,
       totals.fouls, totals.was_fouled, totals.yellow_cards, totals.red_cards, totals.saves, totals.clean_sheets,
       totals.goals_conceded, totals.touches, totals.statistics, seasons.season_id as sofasport_season_id,
       totals.fpl_code as code, players.element_id, totals.player_id as sofasport_player_id
from (
    -- Of two profiles of one person, the one that played longer.
    select distinct on (statistics.season, links.fpl_code) links.fpl_code, statistics.*
    from pulse.sofasport_season_statistics as statistics
    join pulse.player_mappings as links on links.sofasport_player_id = statistics.player_id
    order by statistics.season, links.fpl_code, statistics.minutes desc nulls last, statistics.player_id
) as totals
join pulse.fpl_players as players on players.season = totals.season and players.code = totals.fpl_code
left join pulse.sofasport_seasons as seasons on seasons.season = totals.season
left join pulse.team_mappings as club_links on club_links.sofasport_team_id = totals.team_id
left join pulse.fpl_teams as clubs on clubs.season = totals.season and clubs.code = club_links.fpl_team_code;

create view fpl.match_statistics as
select matches.season, fixtures.gameweek, fixtures.kickoff_at, players.web_name as player,
       fpl.position_name(people.position) as position, teams.name as team, opponents.name as opponent,
       case people.side when 'home' then 'home' else 'away' end as venue, people.is_starter, people.shirt_number,
       people.minutes, people.rating, people.statistics, profiles.name as sofasport_name, matches.fpl_code as code,
       matches.element_id, matches.fixture_id, matches.event_id, matches.sofasport_player_id
from pulse.player_matches as matches
join pulse.sofasport_lineup_players as people
    on people.event_id = matches.event_id and people.player_id = matches.sofasport_player_id
join pulse.sofasport_players as profiles on profiles.player_id = people.player_id
join pulse.fpl_fixtures as fixtures on fixtures.season = matches.season and fixtures.fixture_id = matches.fixture_id
join pulse.fpl_players as players on players.season = matches.season and players.element_id = matches.element_id
join pulse.fpl_teams as teams
    on teams.season = matches.season
       and teams.code = case people.side when 'home' then fixtures.home_team_code else fixtures.away_team_code end
join pulse.fpl_teams as opponents
    on opponents.season = matches.season
       and opponents.code = case people.side when 'home' then fixtures.away_team_code else fixtures.home_team_code end;

comment on view fpl.season_statistics is 'A player''s season totals as SofaSport states them, with the whole statistics. One row for each season and player.';
comment on column fpl.season_statistics.team is 'The club that SofaSport names, which is the player''s present one.';
comment on column fpl.season_statistics.rating is 'Mean of the match ratings, 3-10.';
comment on column fpl.season_statistics.accurate_passes_percentage is '0-100, like the other percentages.';
comment on column fpl.season_statistics.statistics is 'All figures, under SofaSport''s names.';

comment on view fpl.match_statistics is 'A player in the lineup of a match, with SofaSport''s whole statistics. One row for each season, fixture and player.';
comment on column fpl.match_statistics.kickoff_at is 'Time from the source: kick-off.';
comment on column fpl.match_statistics.position is 'Position in this match.';
comment on column fpl.match_statistics.minutes is 'Minutes at SofaSport. Null for a substitute who did not play.';
comment on column fpl.match_statistics.rating is 'SofaSport''s rating, 3-10.';
comment on column fpl.match_statistics.statistics is 'All figures of the match, under SofaSport''s names. Empty for a substitute who did not play.';
