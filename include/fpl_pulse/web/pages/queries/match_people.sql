-- Everybody in the lineups of a fixture, and who played for FPL but is in no lineup. FPL's figures where FPL has them.
with match as (
  select fixtures.season, fixtures.fixture_id, fixtures.home_team_code, links.event_id
  from pulse.fpl_fixtures as fixtures
  left join pulse.fixture_mappings as links
    on links.season = fixtures.season and links.fixture_id = fixtures.fixture_id and links.is_current
  where fixtures.season = %(season)s and fixtures.fixture_id = %(fixture_id)s
), listed as (
  select people_in.player_id, people_in.side, links.fpl_code, people_in.is_starter, people_in.is_captain,
    people_in.lineup_order, people_in.position, people_in.shirt_number, people_in.minutes, people_in.rating,
    people_in.goals, people_in.assists, people_in.own_goals, people_in.expected_goals, people_in.expected_assists,
    people_in.shots, people_in.key_passes, people_in.passes, people_in.accurate_passes, people_in.touches,
    people_in.saves, people.name, stored.player_id is not null as has_heatmap
  from match
  join pulse.sofasport_lineup_players as people_in on people_in.event_id = match.event_id
  join pulse.sofasport_players as people on people.player_id = people_in.player_id
  left join pulse.player_mappings as links on links.sofasport_player_id = people_in.player_id
  left join pulse.sofasport_heatmaps as stored
    on stored.event_id = people_in.event_id and stored.player_id = people_in.player_id
), official as (
  select figures.*, case when figures.team_code = match.home_team_code then 'home' else 'away' end as side
  from match
  join pulse.player_matches as figures
    on figures.season = match.season and figures.fixture_id = match.fixture_id
  where figures.sofasport_player_id is not null or (figures.minutes > 0 and figures.team_code is not null)
)
select coalesce(listed.side, official.side) as side, coalesce(players.web_name, listed.name) as player, players.code,
  listed.player_id as sofasport_player_id, coalesce(listed.is_starter, official.starts = 1, false) as is_starter,
  coalesce(listed.is_captain, false) as is_captain,
  coalesce(listed.position, left(fpl.position_name(players.position), 1)) as position, listed.shirt_number,
  coalesce(official.minutes, listed.minutes) as minutes, listed.rating::float as rating,
  coalesce(official.goals, listed.goals) as goals, coalesce(official.assists, listed.assists) as assists,
  coalesce(official.own_goals, listed.own_goals) as own_goals, official.total_points as points, official.bonus,
  coalesce(official.expected_goals, listed.expected_goals)::float as expected_goals,
  coalesce(official.expected_assists, listed.expected_assists)::float as expected_assists,
  listed.shots, listed.key_passes, listed.passes, listed.accurate_passes, listed.touches,
  official.defensive_contribution, coalesce(official.saves, listed.saves) as saves, official.yellow_cards,
  official.red_cards, coalesce(listed.has_heatmap, false) as has_heatmap
from listed
full join official on official.sofasport_player_id = listed.player_id
left join pulse.fpl_players as players
  on players.season = %(season)s and players.code = coalesce(official.fpl_code, listed.fpl_code)
order by side desc, is_starter desc, case when listed.is_starter then listed.lineup_order end, minutes desc nulls last,
  player, sofasport_player_id
