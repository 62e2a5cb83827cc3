-- The newest decision about a pair, who made it, when and why, and whether it applies.
select newest.verdict,
       format('%%s on %%s: %%s', newest.decided_by, to_char(newest.decided_at at time zone 'UTC', 'YYYY-MM-DD'),
              newest.reason) as note,
       newest.verdict = 'reject'
       or (newest.verdict = 'link' and not exists (
           select from pulse.mapping_decisions as later
           where later.kind = newest.kind and later.sofasport_id = newest.sofasport_id and later.verdict = 'link'
             and later.decision_id > newest.decision_id)) as is_in_force
from pulse.mapping_decisions as newest
where newest.kind = %(kind)s and newest.sofasport_id = %(sofasport_id)s and newest.fpl_id = %(fpl_id)s
order by newest.decision_id desc
limit 1
