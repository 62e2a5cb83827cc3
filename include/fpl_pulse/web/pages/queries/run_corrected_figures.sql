-- Corrected figures of matches that a run saw, with names.
select player, team, match, gameweek, season, fixture_id, source, figure, old_value::text as old_value,
       new_value::text as new_value
from fpl.corrections
where changed_at = %(as_of)s and match is not null
order by match, player, figure
limit %(limit)s
