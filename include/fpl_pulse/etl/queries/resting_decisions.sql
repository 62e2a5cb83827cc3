-- Manual decisions that are not applied yet, because the tables lack one of their two ids.
with newest as (
    select distinct on (kind, sofasport_id, fpl_id) *
    from pulse.mapping_decisions
    order by kind, sofasport_id, fpl_id, decision_id desc
)
select kind, sofasport_id, fpl_id, verdict, decided_by
from newest
where verdict <> 'withdraw'
  and not case kind
      when 'player' then exists (select from pulse.sofasport_players where player_id = newest.sofasport_id)
                         and exists (select from pulse.fpl_players where code = newest.fpl_id)
      else exists (select from pulse.sofasport_teams where team_id = newest.sofasport_id)
           and exists (select from pulse.fpl_teams where code = newest.fpl_id)
  end
order by decision_id
