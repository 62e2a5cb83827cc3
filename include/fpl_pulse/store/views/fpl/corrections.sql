create view fpl.corrections as
select changes.changed_at, players.web_name as player, teams.name as team, fixtures.gameweek,
       case when fixtures.fixture_id is not null then home.name || '-' || away.name end as match, keys.side,
       case changes.table_name when 'fpl_player_fixtures' then 'FPL' else 'SofaSport' end as source,
       changes.figure, changes.old_value, changes.new_value, changes.old_since, changes.table_name,
       people.code, fixtures.season, fixtures.fixture_id, keys.event_id, keys.sofasport_player_id
from pulse.changes as changes
cross join lateral (
    select (changes.key ->> 'event_id')::integer as event_id, (changes.key ->> 'player_id')::integer as sofasport_player_id,
           (changes.key ->> 'fixture_id')::integer as fixture_id, (changes.key ->> 'element_id')::integer as element_id,
           changes.key ->> 'season' as season, changes.key ->> 'side' as side
) as keys
left join pulse.fixture_mappings as links on links.event_id = keys.event_id
left join pulse.fpl_fixtures as fixtures
    on fixtures.season = coalesce(links.season, keys.season)
       and fixtures.fixture_id = coalesce(links.fixture_id, keys.fixture_id)
left join pulse.fpl_teams as home on home.season = fixtures.season and home.code = fixtures.home_team_code
left join pulse.fpl_teams as away on away.season = fixtures.season and away.code = fixtures.away_team_code
left join pulse.player_mappings as linked on linked.sofasport_player_id = keys.sofasport_player_id
left join lateral (
    -- The person as FPL lists him in the season of the match, else in the newest one.
    select listed.season, listed.element_id, listed.code
    from pulse.fpl_players as listed
    where listed.code = linked.fpl_code or (listed.season = keys.season and listed.element_id = keys.element_id)
    order by listed.season = fixtures.season desc nulls last, listed.season desc limit 1
) as people on true
left join pulse.fpl_players as players on players.season = people.season and players.element_id = people.element_id
left join pulse.fpl_teams as teams on teams.season = players.season and teams.code = players.team_code;

comment on view fpl.corrections is 'Figures that a source has corrected after they were stored, with both values. One row for each corrected figure.';
comment on column fpl.corrections.changed_at is 'As-of time of the run that first saw the new value.';
comment on column fpl.corrections.figure is 'The column of the table in the schema pulse. "row deleted" when the source withdrew the whole row.';
comment on column fpl.corrections.old_value is 'Null when the figure was absent, and for lists and objects.';
comment on column fpl.corrections.old_since is 'As-of time of the run that first saw the old value.';
comment on column fpl.corrections.match is 'Null for a figure of the season.';
comment on column fpl.corrections.side is 'home or away for a figure of a whole side, such as the formation. Null for a figure of a player.';
comment on column fpl.corrections.new_value is 'Null when the figure is absent now, and for lists and objects.';
