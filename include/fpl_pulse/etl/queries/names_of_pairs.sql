-- Who the two ids of each pair are, and why they are linked. Null for an id that is not stored, and without a link.
with pairs as (
    select * from unnest(%(profiles)s::int[], %(codes)s::int[]) as pairs (sofasport_player_id, fpl_code)
)
select pairs.sofasport_player_id, pairs.fpl_code, people.name as profile, people.birth_date as profile_born,
       players.name as player, players.birth_date as player_born, links.strength, links.evidence
from pairs
left join pulse.sofasport_players as people on people.player_id = pairs.sofasport_player_id
left join lateral (
    select trim(named.first_name || ' ' || named.second_name) as name, named.birth_date
    from pulse.fpl_players as named where named.code = pairs.fpl_code
    order by named.season desc limit 1
) as players on true
left join pulse.player_mappings as links
    on links.sofasport_player_id = pairs.sofasport_player_id and links.fpl_code = pairs.fpl_code
