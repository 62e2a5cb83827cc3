insert into pulse.mapping_decisions (kind, sofasport_id, fpl_id, verdict, decided_by, reason)
values (%(kind)s, %(sofasport_id)s, %(fpl_id)s, %(verdict)s, %(decided_by)s, %(reason)s)
