-- The stored players of a squad. `is_repeated`: SofaSport has listed only a part of them in an earlier week too.
select player_id, exists (
           select from pulse.rejected_records as rejected
           where rejected.resource_id = %(resource_id)s and rejected.reason like %(reason)s
             and rejected.as_of <= %(as_of)s - %(confirmed_after)s) as is_repeated
from pulse.sofasport_squads
where season = %(season)s and team_id = %(team_id)s and is_current
