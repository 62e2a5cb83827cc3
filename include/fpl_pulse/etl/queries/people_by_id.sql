-- The given SofaSport people, without what a season says about them.
select player_id as sofasport_player_id, name, slug, short_name, position, birth_date,
       array[]::int[] as team_ids, array[]::int[] as shirt_numbers, array[]::int[] as event_ids
from pulse.sofasport_players
where player_id = any(%(people)s)
