-- What people have decided and not taken back: the newest word on each pair; of several links of one SofaSport id the
-- newest.
with newest as (
    select distinct on (sofasport_id, fpl_id)
           decision_id, sofasport_id, fpl_id, verdict,
           format('%%s by %%s on %%s: %%s', case verdict when 'link' then 'linked' else 'rejected' end, decided_by,
                  to_char(decided_at at time zone 'UTC', 'YYYY-MM-DD'), reason) as note
    from pulse.mapping_decisions
    where kind = %(kind)s
    order by sofasport_id, fpl_id, decision_id desc
)
select decision_id, sofasport_id, fpl_id, verdict, note
from newest
where verdict = 'reject'
   or (verdict = 'link' and not exists (
       select from newest as later
       where later.sofasport_id = newest.sofasport_id and later.verdict = 'link'
         and later.decision_id > newest.decision_id))
order by decision_id
