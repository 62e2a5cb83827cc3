update pulse.raw_reads as reads
set loaded_answer_id = null
where reads.endpoint = 'fpl/event/live'
  and reads.params ->> 'season' = %(season)s
  and exists (
      select from pulse.rejected_records as rejected
      where rejected.endpoint = reads.endpoint and rejected.resource = reads.resource
  )
