"""A person's decisions about links: stored as they come, the newest of a pair counts."""

from dataclasses import dataclass
from typing import Any, Literal

from psycopg import Connection

from fpl_pulse.store.connection import scalar

Kind = Literal["team", "player"]
Verdict = Literal["link", "reject", "withdraw"]

_SOFASPORT = {
    "team": "select name from pulse.sofasport_teams where team_id = %(id)s",
    "player": "select name from pulse.sofasport_players where player_id = %(id)s",
}
_FPL = {
    "team": "select name from pulse.fpl_teams where code = %(id)s order by season desc limit 1",
    "player": "select trim(first_name || ' ' || second_name) from pulse.fpl_players where code = %(id)s"
    " order by season desc limit 1",
}
_MAPPED = {
    "team": "select sofasport_team_id from pulse.team_mappings where fpl_team_code = %(id)s",
    "player": "select sofasport_player_id from pulse.player_mappings where fpl_code = %(id)s",
}
STORE = """
    insert into pulse.mapping_decisions (kind, sofasport_id, fpl_id, verdict, decided_by, reason)
    values (%(kind)s, %(sofasport_id)s, %(fpl_id)s, %(verdict)s, %(decided_by)s, %(reason)s)
"""
REJECTION = """
    select format('%%s on %%s: %%s', decided_by, to_char(decided_at at time zone 'UTC', 'YYYY-MM-DD'), reason)
    from (
        select * from pulse.mapping_decisions
        where kind = %(kind)s and sofasport_id = %(ours)s and fpl_id = %(theirs)s
        order by decision_id desc limit 1
    ) as newest
    where verdict = 'reject'
"""


@dataclass(frozen=True)
class Decision:
    """One word of a person on one pair. Ids are those that last: SofaSport's, and FPL's code."""

    kind: Kind
    sofasport_id: int
    fpl_id: int
    verdict: Verdict
    decided_by: str
    reason: str


def names_of(
    conn: Connection[Any], kind: Kind, sofasport_id: int, fpl_id: int
) -> tuple[str | None, str | None]:
    """The names of both sides; None where the store does not know one."""
    return (
        scalar(conn, _SOFASPORT[kind], {"id": sofasport_id}),
        scalar(conn, _FPL[kind], {"id": fpl_id}),
    )


def holders_of(conn: Connection[Any], kind: Kind, fpl_id: int) -> list[int]:
    """The SofaSport ids that are linked to an FPL code now."""
    return [row[0] for row in conn.execute(_MAPPED[kind].encode(), {"id": fpl_id})]


def is_decided(conn: Connection[Any], kind: Kind, sofasport_id: int, fpl_id: int) -> bool:
    """Whether anybody has ever decided about a pair."""
    statement = (
        "select exists (select from pulse.mapping_decisions"
        " where kind = %(kind)s and sofasport_id = %(ours)s and fpl_id = %(theirs)s)"
    )
    return bool(scalar(conn, statement, {"kind": kind, "ours": sofasport_id, "theirs": fpl_id}))


def in_review(conn: Connection[Any], season: str, kind: Kind, sofasport_id: int) -> list[int]:
    """The FPL codes that the newest matching of a season proposes for a SofaSport id and does not link."""
    rows = conn.execute(
        "select fpl_id from pulse.mapping_candidates where season = %s and kind = %s and sofasport_id = %s"
        " and status = 'review' and fpl_id <> 0 order by confidence desc",
        (season, kind, sofasport_id),
    )
    return [row[0] for row in rows]


def rejection(conn: Connection[Any], kind: Kind, sofasport_id: int, fpl_id: int) -> str | None:
    """Who rejected a pair, when and why; None when nobody has, or has taken it back."""
    note: str | None = scalar(conn, REJECTION, {"kind": kind, "ours": sofasport_id, "theirs": fpl_id})
    return note


def store(conn: Connection[Any], decision: Decision) -> None:
    """Keep a decision."""
    conn.execute(STORE, vars(decision))
