-- Cards of linked players: SofaSport's season statistics and the sum of FPL's official figures over the reconciled
-- fixtures. Only of players whose season statistics have the same minutes as those fixtures: otherwise they cover a
-- match that is not reconciled yet.
with appeared as (
    select links.fpl_code, sum(players.minutes) as minutes
    from pulse.fixture_reconciliations as fixtures
    join pulse.sofasport_lineup_players as players using (event_id)
    join pulse.player_mappings as links on links.sofasport_player_id = players.player_id
    where fixtures.season = %(season)s and players.minutes > 0
    group by links.fpl_code
), sofasport as (
    -- SofaSport does not document whether redCards includes second yellows, so the larger count is used.
    select links.fpl_code, sum(totals.minutes) as minutes,
           (array_agg(totals.player_id order by totals.minutes desc nulls last, totals.player_id))[1] as player_id,
           sum(totals.yellow_cards)::int as yellow_cards,
           sum(greatest(
               totals.red_cards,
               coalesce(jsonb_path_query_first(
                   totals.statistics, '$.directRedCards ? (@.type() == "number")')::int, 0)
               + coalesce(jsonb_path_query_first(
                   totals.statistics, '$.yellowRedCards ? (@.type() == "number")')::int, 0)))::int as red_cards
    from pulse.sofasport_season_statistics as totals
    join pulse.player_mappings as links on links.sofasport_player_id = totals.player_id
    where totals.season = %(season)s
    group by links.fpl_code
), official as (
    select figures.fpl_code, sum(figures.yellow_cards)::int as yellow_cards, sum(figures.red_cards)::int as red_cards,
           coalesce(sum(figures.yellow_cards) filter (where figures.minutes > 0), 0) as yellow_cards_on_pitch,
           coalesce(sum(figures.red_cards) filter (where figures.minutes > 0), 0) as red_cards_on_pitch
    from pulse.fixture_reconciliations as fixtures
    join pulse.fpl_player_fixtures as figures using (season, fixture_id)
    where fixtures.season = %(season)s
    group by figures.fpl_code
)
select fpl_code, sofasport.player_id as sofasport_player_id, cards.figure, cards.sofasport_value, cards.fpl_value,
       cards.sofasport_value <> cards.fpl_value as differs,
       cards.sofasport_value not between cards.least and cards.most as counts
from appeared
join sofasport using (fpl_code)
join official using (fpl_code)
cross join lateral (values
    -- FPL drops the yellow cards, up to two, of a match in which the player is sent off.
    ('yellow_cards', sofasport.yellow_cards, official.yellow_cards,
     official.yellow_cards_on_pitch, official.yellow_cards + 2 * official.red_cards),
    ('red_cards', sofasport.red_cards, official.red_cards, official.red_cards_on_pitch, official.red_cards)
) as cards (figure, sofasport_value, fpl_value, least, most)
where sofasport.minutes = appeared.minutes
