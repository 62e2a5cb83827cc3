-- The register's persons with an id that is stored here: each row of them, so that rows of one person count together.
create temporary table known_register on commit drop as
with known as (
    select register.person
    from register
    where register.sofasport_player_id in (select player_id from pulse.sofasport_players)
       or register.fpl_code in (select code from pulse.fpl_players)
    group by register.person
)
select register.* from register join known using (person)
