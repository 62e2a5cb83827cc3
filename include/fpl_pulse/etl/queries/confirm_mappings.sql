-- Set confirmed_at of the links that today's evidence would make again. updated_at stays: the content is the same.
with linked as (
    select kind, sofasport_id, fpl_id
    from pulse.mapping_candidates
    where season = %(season)s and status = 'linked' and coalesce(strength >= %(link)s, kind <> 'player')
), teams as (
    update pulse.team_mappings as mappings set confirmed_at = %(as_of)s
    from linked
    where linked.kind = 'team' and linked.sofasport_id = mappings.sofasport_team_id
      and linked.fpl_id = mappings.fpl_team_code and mappings.confirmed_at < %(as_of)s
), fixtures as (
    update pulse.fixture_mappings as mappings set confirmed_at = %(as_of)s
    from linked
    where linked.kind = 'fixture' and linked.sofasport_id = mappings.event_id
      and linked.fpl_id = mappings.fixture_id and mappings.confirmed_at < %(as_of)s
)
update pulse.player_mappings as mappings set confirmed_at = %(as_of)s
from linked
where linked.kind = 'player' and linked.sofasport_id = mappings.sofasport_player_id
  and linked.fpl_id = mappings.fpl_code and mappings.confirmed_at < %(as_of)s
