-- The tables with data of a season, each with its columns and their types. Rejected records are last: they take the text
-- of their resource from its copy.
select table_name::text, array_agg(column_name::text order by ordinal_position),
       array_agg(data_type::text order by ordinal_position)
from information_schema.columns
join information_schema.tables using (table_schema, table_name)
where table_schema = 'pulse' and table_type = 'BASE TABLE' and is_generated = 'NEVER'
  and table_name not in ('alembic_version', 'api_pace', 'week_slots')
group by table_name
order by table_name = 'rejected_records', table_name
