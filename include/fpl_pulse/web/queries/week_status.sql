select * from fpl.week_status order by slot_at, dag_id
