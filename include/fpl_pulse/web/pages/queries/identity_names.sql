-- Every pair of a SofaSport id and an FPL code that is linked, proposed in the season or decided manually, with the
-- names to search in. Pairs that wait for a decision come first.
with newest_decisions as (
    select distinct on (kind, sofasport_id, fpl_id) kind, sofasport_id, fpl_id, verdict
    from pulse.mapping_decisions
    order by kind, sofasport_id, fpl_id, decision_id desc
), proposed as (
    select kind, sofasport_id, fpl_id, status
    from pulse.mapping_candidates
    where season = %(season)s and kind in ('team', 'player')
), stored as (
    select 'player' as kind, sofasport_player_id as sofasport_id, fpl_code as fpl_id from pulse.player_mappings
    union all
    select 'team', sofasport_team_id, fpl_team_code from pulse.team_mappings
), known as (
    select kind, sofasport_id, fpl_id, status from proposed
    union all
    select kind, sofasport_id, fpl_id, 'linked'
    from stored
    where not exists (
        select from proposed
        where (proposed.kind, proposed.sofasport_id, proposed.fpl_id) = (stored.kind, stored.sofasport_id, stored.fpl_id))
), pairs as (
    select known.*, decided.verdict
    from known
    left join newest_decisions as decided using (kind, sofasport_id, fpl_id)
    union all
    select decided.kind, decided.sofasport_id, decided.fpl_id,
           case decided.verdict when 'reject' then 'rejected' when 'withdraw' then 'withdrawn' else 'not_applied' end,
           decided.verdict
    from newest_decisions as decided
    where not exists (
        select from known
        where (known.kind, known.sofasport_id, known.fpl_id) = (decided.kind, decided.sofasport_id, decided.fpl_id))
), elements as (
    select distinct on (code) code, concat_ws(' ', web_name, first_name, second_name) as name
    from pulse.fpl_players
    order by code, season desc
), clubs as (
    select distinct on (code) code, concat_ws(' ', name, short_name) as name
    from pulse.fpl_teams
    order by code, season desc
)
select pairs.kind, pairs.sofasport_id, pairs.fpl_id as fpl_code, pairs.status, pairs.verdict,
       concat_ws(' ', people.name, people.short_name, teams.name, elements.name, clubs.name) as names
from pairs
left join pulse.sofasport_players as people on pairs.kind = 'player' and people.player_id = pairs.sofasport_id
left join pulse.sofasport_teams as teams on pairs.kind = 'team' and teams.team_id = pairs.sofasport_id
left join elements on pairs.kind = 'player' and elements.code = pairs.fpl_id
left join clubs on pairs.kind = 'team' and clubs.code = pairs.fpl_id
order by pairs.status = 'review' desc, pairs.kind desc, coalesce(people.name, teams.name), pairs.sofasport_id, pairs.fpl_id
