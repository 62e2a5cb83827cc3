-- The plans of some runs in numbers.
select plans.dag_id, plans.purpose, plans.planned, plans.fetched, plans.no_data, plans.skipped, plans.superseded,
  plans.failed, plans.open
from pulse.run_plans as plans
join unnest(%(dag_ids)s::text[], %(run_ids)s::text[]) with ordinality as wanted (dag_id, run_id, place)
  on plans.dag_id = wanted.dag_id and plans.run_id = wanted.run_id
order by wanted.place, plans.purpose
