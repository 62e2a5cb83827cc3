-- The ids of each person whom the register and our links lead to one FPL player. An id is unclear, and not stored, when
-- the register has several for one player and provider, or the same for two players, or when two of its people are one
-- player: one of the two is somebody else.
create temporary table wanted_external_ids on commit drop as
with leads as (
    select known_register.person, players.code
    from known_register
    join (select distinct code from pulse.fpl_players) as players on players.code = known_register.fpl_code
    union
    select known_register.person, links.fpl_code
    from known_register
    join pulse.player_mappings as links using (sofasport_player_id)
), owners as (
    select person, min(code) as code
    from leads
    where person <> all(%(disputed)s)
    group by person
    having count(*) = 1
), found as (
    select distinct owners.code, given.provider, given.external_id
    from owners
    join known_register using (person)
    cross join lateral jsonb_each_text(known_register.ids) as given (provider, external_id)
)
select code, provider, external_id,
       code in (select code from owners group by code having count(*) > 1)
           or count(*) over (partition by code, provider) > 1
           or count(*) over (partition by provider, external_id) > 1 as is_unclear
from found
