-- Whether a pipeline that has run on its schedule before has no full run for a slot. It is not missing before its first
-- scheduled run, nor when it has already run for a time after the as-of time of the run that checks. A scheduled run of
-- the same week counts also before the slot: the schedule was changed after it.
select exists (select from pulse.pipeline_runs
               where dag_id = %(dag_id)s and is_full and run_type = 'scheduled' and as_of < %(slot)s)
    and not exists (select from pulse.pipeline_runs
                    where dag_id = %(dag_id)s and is_full
                      and (as_of >= %(slot)s and (as_of < %(slot_end)s or as_of > %(as_of)s)
                           or run_type = 'scheduled' and as_of >= %(week)s and as_of < %(slot)s))
