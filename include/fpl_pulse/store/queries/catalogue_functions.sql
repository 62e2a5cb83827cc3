-- The functions that can be called in a query. Trigger functions are not listed.
select format('%%s(%%s)', functions.proname, pg_get_function_arguments(functions.oid)) as name,
       obj_description(functions.oid) as comment
from pg_proc as functions
where functions.pronamespace = %(schema)s::regnamespace and functions.prorettype <> 'trigger'::regtype
order by functions.proname
