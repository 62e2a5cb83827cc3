-- Rows of this transaction whose newest revision is their deletion, with the same content: they get their times back, and
-- the revisions go. The table and its key are inserted by the caller.
with returned as materialized (
    select present.ctid as row_id, newest.revision_id, newest.content
    from {table} as present
    cross join lateral (
        select revisions.revision_id, revisions.content, revisions.changed
        from pulse.revisions as revisions
        where revisions.table_name = {name} and revisions.key = jsonb_build_object({key})
        order by revisions.revision_id desc
        limit 1
    ) as newest
    where present.updated_at = now() and newest.changed is null
      and newest.content - array['updated_at', 'observed_at', 'lineup_order']
          = to_jsonb(present) - array['updated_at', 'observed_at', 'lineup_order']
), corrected as (
    update {table} as present
    set updated_at = (returned.content ->> 'updated_at')::timestamptz,
        observed_at = (returned.content ->> 'observed_at')::timestamptz
    from returned
    where present.ctid = returned.row_id
)
delete from pulse.revisions as revisions using returned where revisions.revision_id = returned.revision_id
