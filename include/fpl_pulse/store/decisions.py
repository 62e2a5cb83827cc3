"""Manual decisions about links. Rows are only added; the newest decision about a pair counts."""

from dataclasses import dataclass
from typing import Any, Literal

from psycopg import Connection

from fpl_pulse.store.connection import select_rows
from fpl_pulse.store.queries import query

Kind = Literal["team", "player"]
Verdict = Literal["link", "reject", "withdraw"]


@dataclass(frozen=True)
class Decision:
    """One manual decision about a pair of permanent ids: SofaSport's id and FPL's code."""

    kind: Kind
    sofasport_id: int
    fpl_id: int
    verdict: Verdict
    decided_by: str
    reason: str


@dataclass(frozen=True)
class NewestDecision:
    """The newest decision about a pair."""

    verdict: Verdict
    note: str
    """Who made it, when and why: `Ann on 2025-10-13: same shirt`."""
    is_in_force: bool
    """Whether it applies. Of several links of one SofaSport id only the newest does."""


def names_of(conn: Connection[Any], kind: Kind, sofasport_id: int, fpl_id: int) -> tuple[str | None, str | None]:
    """Return the SofaSport name and the FPL name; None for an id that the store does not have."""
    pair = {"kind": kind, "sofasport_id": sofasport_id, "fpl_id": fpl_id}
    sofasport_name, fpl_name = conn.execute(query("decision_names"), pair).fetchall()[0]
    return sofasport_name, fpl_name


def holders_of(conn: Connection[Any], kind: Kind, fpl_id: int) -> list[int]:
    """Return the SofaSport ids that are linked to an FPL code."""
    return [row[0] for row in conn.execute(query("decision_holders"), {"kind": kind, "fpl_id": fpl_id})]


def newest_of(conn: Connection[Any], kind: Kind, sofasport_id: int, fpl_id: int) -> NewestDecision | None:
    """Return the newest decision about a pair; None when there is none."""
    pair = {"kind": kind, "sofasport_id": sofasport_id, "fpl_id": fpl_id}
    return next(iter(select_rows(conn, NewestDecision, query("newest_decision"), pair)), None)


def in_review(conn: Connection[Any], season: str, kind: Kind, sofasport_id: int) -> list[int]:
    """Return the FPL codes in review for a SofaSport id in the newest matching of a season, likeliest first."""
    rows = conn.execute(
        "select fpl_id from pulse.mapping_candidates where season = %s and kind = %s and sofasport_id = %s"
        " and status = 'review' and fpl_id <> 0 order by confidence desc",
        (season, kind, sofasport_id),
    )
    return [row[0] for row in rows]


def store(conn: Connection[Any], decision: Decision) -> None:
    """Store a decision, as of the newest run."""
    conn.execute(query("store_decision"), vars(decision))
