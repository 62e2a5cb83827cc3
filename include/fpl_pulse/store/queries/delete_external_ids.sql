-- The ids that the register no longer has, or has changed.
delete from pulse.external_ids as kept
where not exists (
    select from wanted_external_ids as wanted
    where wanted.code = kept.fpl_code and wanted.provider = kept.provider and wanted.external_id = kept.external_id
      and not wanted.is_unclear
)
