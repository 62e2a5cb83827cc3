-- Each pair of ids that the register gives to one person. A person with several rows has the ids of all of them.
with people as (
    select person, max(name) as name, max(birth_date) as birth_date from known_register group by person
), profiles as (
    select distinct person, sofasport_player_id from known_register where sofasport_player_id is not null
), codes as (
    select distinct person, fpl_code from known_register where fpl_code is not null
)
select people.person, people.name, people.birth_date, profiles.sofasport_player_id, codes.fpl_code,
       exists (select from pulse.sofasport_players where player_id = profiles.sofasport_player_id) as is_profile_stored,
       exists (select from pulse.fpl_players where code = codes.fpl_code) as is_player_stored
from people
join profiles using (person)
join codes using (person)
order by profiles.sofasport_player_id, codes.fpl_code, people.person
