create view fpl.external_ids as
select players.web_name as player, known.provider, known.external_id, known.fpl_code as code,
       profiles.sofasport_player_id
from pulse.external_ids as known
join lateral (
    select named.web_name from pulse.fpl_players as named
    where named.code = known.fpl_code
    order by named.season desc limit 1
) as players on true
left join lateral (
    -- Of two profiles of one person, the one with the newer evidence.
    select links.sofasport_player_id from pulse.player_mappings as links
    where links.fpl_code = known.fpl_code
    order by links.confirmed_at desc, links.sofasport_player_id desc limit 1
) as profiles on true;

comment on view fpl.external_ids is 'Ids of FPL''s players at other providers, as a public register of people states them. Empty until make crosswalk has read the register. One row for each player and provider.';
comment on column fpl.external_ids.player is 'The name that FPL shows in the player''s newest season.';
comment on column fpl.external_ids.provider is 'For example transfermarkt, fbref or understat; wikidata and reep are the registers own ids.';
comment on column fpl.external_ids.external_id is 'The player''s id there, as text. No two players have the same.';
comment on column fpl.external_ids.code is 'FPL''s number of the person for life.';
comment on column fpl.external_ids.sofasport_player_id is 'Null while the player is not linked. Of two profiles of one person, the one with the newer evidence.';
