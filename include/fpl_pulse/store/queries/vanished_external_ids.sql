-- What the register that is being read no longer knows of the stored ids: for each provider how many ids there are and how
-- many the register lacks, and in the row without a provider the same for players. An id that has changed, is unclear or
-- disputed has not vanished.
with leads as (
    select person, fpl_code as code from known_register where fpl_code is not null
    union
    select known_register.person, links.fpl_code
    from known_register
    join pulse.player_mappings as links using (sofasport_player_id)
), given as (
    select distinct leads.code, provider
    from leads
    join known_register using (person)
    cross join lateral jsonb_object_keys(known_register.ids) as provider
)
select stored.provider, count(*) as stored, count(*) filter (where given.code is null) as vanished
from pulse.external_ids as stored
left join given on given.code = stored.fpl_code and given.provider = stored.provider
group by stored.provider
union all
select null, count(*), count(*) filter (where code not in (select code from leads))
from (select distinct fpl_code as code from pulse.external_ids) as players
order by provider nulls first
