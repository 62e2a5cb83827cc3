-- Manual decisions in force, oldest first. Of each pair the newest decision counts. Of several links of one SofaSport id
-- only the newest counts, even when it was withdrawn. A decision is not applied while one of its ids is missing in the
-- tables: after a rebuild a player may arrive with the lineups only.
with newest as (
    select distinct on (sofasport_id, fpl_id)
           decision_id, sofasport_id, fpl_id, verdict,
           format('%%s by %%s on %%s: %%s', case verdict when 'link' then 'linked' else 'rejected' end, decided_by,
                  to_char(decided_at at time zone 'UTC', 'YYYY-MM-DD'), reason) as note
    from pulse.mapping_decisions
    where kind = %(kind)s
    order by sofasport_id, fpl_id, decision_id desc
)
select sofasport_id, fpl_id, verdict, note
from newest
where (verdict = 'reject'
       or (verdict = 'link' and not exists (
           select from pulse.mapping_decisions as later
           where later.kind = %(kind)s and later.sofasport_id = newest.sofasport_id and later.verdict = 'link'
             and later.decision_id > newest.decision_id)))
  and case %(kind)s
      when 'player' then exists (select from pulse.sofasport_players where player_id = newest.sofasport_id)
                         and exists (select from pulse.fpl_players where code = newest.fpl_id)
      else exists (select from pulse.sofasport_teams where team_id = newest.sofasport_id)
           and exists (select from pulse.fpl_teams where code = newest.fpl_id)
  end
order by decision_id
