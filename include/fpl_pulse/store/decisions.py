"""Manual decisions about links. Rows are only added; the newest decision about a pair counts."""

from dataclasses import dataclass
from typing import Any, Literal

from psycopg import Connection

from fpl_pulse.store.connection import scalar
from fpl_pulse.store.queries import query

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


@dataclass(frozen=True)
class Decision:
    """One manual decision about a pair of permanent ids: SofaSport's id and FPL's code."""

    kind: Kind
    sofasport_id: int
    fpl_id: int
    verdict: Verdict
    decided_by: str
    reason: str


def names_of(conn: Connection[Any], kind: Kind, sofasport_id: int, fpl_id: int) -> tuple[str | None, str | None]:
    """Return the SofaSport name and the FPL name; None for an id that the store does not have."""
    return (scalar(conn, _SOFASPORT[kind], {"id": sofasport_id}), scalar(conn, _FPL[kind], {"id": fpl_id}))


def holders_of(conn: Connection[Any], kind: Kind, fpl_id: int) -> list[int]:
    """Return the SofaSport ids that are linked to an FPL code."""
    return [row[0] for row in conn.execute(_MAPPED[kind].encode(), {"id": fpl_id})]


def is_decided(conn: Connection[Any], kind: Kind, sofasport_id: int, fpl_id: int) -> bool:
    """Tell whether there is any decision about a pair."""
    statement = (
        "select exists (select from pulse.mapping_decisions"
        " where kind = %(kind)s and sofasport_id = %(sofasport_id)s and fpl_id = %(fpl_id)s)"
    )
    return bool(scalar(conn, statement, {"kind": kind, "sofasport_id": sofasport_id, "fpl_id": fpl_id}))


def in_review(conn: Connection[Any], season: str, kind: Kind, sofasport_id: int) -> list[int]:
    """Return the FPL codes in review for a SofaSport id in the newest matching of a season, likeliest first."""
    rows = conn.execute(
        "select fpl_id from pulse.mapping_candidates where season = %s and kind = %s and sofasport_id = %s"
        " and status = 'review' and fpl_id <> 0 order by confidence desc",
        (season, kind, sofasport_id),
    )
    return [row[0] for row in rows]


def rejection(conn: Connection[Any], kind: Kind, sofasport_id: int, fpl_id: int) -> str | None:
    """Return who rejected a pair, when and why; None when no rejection is in force."""
    note: str | None = scalar(
        conn, query("mapping_rejection"), {"kind": kind, "sofasport_id": sofasport_id, "fpl_id": fpl_id}
    )
    return note


def store(conn: Connection[Any], decision: Decision) -> None:
    """Store a decision."""
    conn.execute(STORE, vars(decision))
