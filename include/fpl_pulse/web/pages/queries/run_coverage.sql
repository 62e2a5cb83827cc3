-- What the check of a run counted, by kind of data, with the names of what was missing.
select what, sum(have)::int as have, sum(want)::int as want, sum(not_yet)::int as not_yet, bool_and(is_enough) as is_enough,
       sum(missing_count)::int as missing_count,
       coalesce(array_agg(distinct gameweek::int order by gameweek::int)
           filter (where not is_enough and gameweek > 0), '{}') as failed_gameweeks,
       coalesce((
           select array_agg(name) from (
               select unnest(one.missing) as name from pulse.coverage as one
               where one.dag_id = %(dag_id)s and one.run_id = %(run_id)s and one.what = counted.what limit 50) as names
       ), '{}') as missing
from pulse.coverage as counted
where dag_id = %(dag_id)s and run_id = %(run_id)s
group by what
order by what
