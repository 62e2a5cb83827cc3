-- Some pairs with their evidence, in the order of the parameters, and the newest decision about each.
select wanted.kind, wanted.sofasport_id, wanted.fpl_code,
       coalesce(proposed.method, links.method) as method,
       coalesce(proposed.confidence, links.confidence)::float as confidence,
       coalesce(proposed.strength, links.strength)::float as strength,
       coalesce(proposed.evidence, links.evidence) as evidence, links.made_at,
       decided.verdict, decided.decided_by, decided.decided_at, decided.reason
from unnest(%(kinds)s::text[], %(sofasport_ids)s::int[], %(fpl_codes)s::int[]) with ordinality
    as wanted (kind, sofasport_id, fpl_code, place)
left join pulse.mapping_candidates as proposed
    on proposed.season = %(season)s and proposed.kind = wanted.kind
       and proposed.sofasport_id = wanted.sofasport_id and proposed.fpl_id = wanted.fpl_code
left join lateral (
    select method, confidence, strength, evidence, made_at
    from pulse.player_mappings
    where wanted.kind = 'player' and sofasport_player_id = wanted.sofasport_id and fpl_code = wanted.fpl_code
    union all
    select method, confidence, null, evidence, made_at
    from pulse.team_mappings
    where wanted.kind = 'team' and sofasport_team_id = wanted.sofasport_id and fpl_team_code = wanted.fpl_code
) as links on true
left join lateral (
    select verdict, decided_by, decided_at, reason
    from pulse.mapping_decisions
    where kind = wanted.kind and sofasport_id = wanted.sofasport_id and fpl_id = wanted.fpl_code
    order by decision_id desc
    limit 1
) as decided on true
order by wanted.place
