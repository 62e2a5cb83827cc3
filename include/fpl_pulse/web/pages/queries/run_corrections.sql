-- How many figures a run saw with another value than before, by table. Runs of one as-of time share them.
select table_name, sum(figures)::int as figures, count(*)::int as rows
from (
    select table_name,
           case when changed is null then 1 else (select count(*) from jsonb_object_keys(changed)) end as figures
    from pulse.revisions
    where valid_to = %(as_of)s
) as revised
group by table_name
order by table_name
