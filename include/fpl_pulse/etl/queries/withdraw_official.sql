-- Delete rows that FPL no longer lists in a gameweek. A trigger keeps them as revisions.
delete from pulse.fpl_player_fixtures as figures
using unnest(%(fixtures)s::int[], %(elements)s::int[]) as gone (fixture_id, element_id)
where figures.season = %(season)s and figures.gameweek = %(gameweek)s
  and figures.fixture_id = gone.fixture_id and figures.element_id = gone.element_id
