-- Bring pulse.external_ids to the wanted ids. A row that is already there stays untouched.
insert into pulse.external_ids (fpl_code, provider, external_id)
select code, provider, external_id from wanted_external_ids where not is_unclear
on conflict (fpl_code, provider) do nothing
