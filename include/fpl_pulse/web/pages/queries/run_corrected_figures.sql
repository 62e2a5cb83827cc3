-- Corrected figures of matches that a run saw, with names. A figure with a column of its own is not repeated from the
-- statistics object, and lists and objects have no value to show.
with seen as materialized (
    select player, team, match, season, fixture_id, source, table_name, sofasport_player_id, event_id, figure,
           nullif(old_value #>> '{}', '') as old_value, nullif(new_value #>> '{}', '') as new_value,
           lower(regexp_replace(replace(figure, 'statistics.', ''), '([A-Z])', '_\1', 'g')) as column_name
    from fpl.corrections
    where changed_at = %(as_of)s and match is not null
)
select player, team, match, season, fixture_id, source, figure, old_value, new_value,
       (count(*) over ())::int as total
from seen
where (old_value is not null or new_value is not null or figure = 'row deleted')
  and not (figure like 'statistics.%%' and exists (
      select from seen as own
      where own.figure = seen.column_name and own.table_name = seen.table_name and own.event_id = seen.event_id
        and own.sofasport_player_id = seen.sofasport_player_id))
order by match, player, figure
limit %(limit)s
