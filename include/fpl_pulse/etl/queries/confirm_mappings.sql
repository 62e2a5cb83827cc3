-- Set confirmed_at of links that the evidence would make again. updated_at stays: the content is the same.
with confirmed as (
    select kind, sofasport_id, as_of
    from unnest(%(kinds)s::text[], %(sofasport_ids)s::int[], %(as_of)s::timestamptz[])
        as confirmed (kind, sofasport_id, as_of)
), teams as (
    update pulse.team_mappings as mappings set confirmed_at = confirmed.as_of
    from confirmed
    where confirmed.kind = 'team' and confirmed.sofasport_id = mappings.sofasport_team_id
      and mappings.confirmed_at < confirmed.as_of
), fixtures as (
    update pulse.fixture_mappings as mappings set confirmed_at = confirmed.as_of
    from confirmed
    where confirmed.kind = 'fixture' and confirmed.sofasport_id = mappings.event_id
      and mappings.confirmed_at < confirmed.as_of
)
update pulse.player_mappings as mappings set confirmed_at = confirmed.as_of
from confirmed
where confirmed.kind = 'player' and confirmed.sofasport_id = mappings.sofasport_player_id
  and mappings.confirmed_at < confirmed.as_of
