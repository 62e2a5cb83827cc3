"""The pages of identities: who waits for a decision, all links with their evidence, and one SofaSport id."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import HTMLResponse

from fpl_pulse.store.decisions import Kind, Verdict
from fpl_pulse.web.pages.addresses import query_of
from fpl_pulse.web.pages.identity_rows import MAX_ID, STATUSES, NamedPair, cases_of, detailed, found, named_pairs
from fpl_pulse.web.pages.reading import OnPage
from fpl_pulse.web.problems import NotFoundError

CASES_A_PAGE = 10
PAIRS_A_PAGE = 50
KINDS = {"player": "Players", "team": "Clubs"}

router = APIRouter(include_in_schema=False)

Offset = Annotated[int, Query(ge=0, le=1_000_000)]
Status = Literal["", "review", "linked", "no_counterpart", "rejected", "withdrawn", "not_applied", "decided"]


@dataclass(frozen=True)
class UnlinkedClub:
    """A club of FPL without a link."""

    code: int
    name: str


@dataclass(frozen=True)
class DecisionRow:
    """A stored decision about a SofaSport id."""

    fpl_code: int
    verdict: Verdict
    decided_by: str
    decided_at: datetime
    reason: str


@dataclass(frozen=True)
class Wanted:
    """What the page of identities shows."""

    search: Annotated[str, Query(max_length=100)] = ""
    kind: Literal["", "player", "team"] = ""
    status: Status = ""
    offset: Offset = 0
    """Pairs of the list to skip."""
    queue: Offset = 0
    """Cases of the review queue to skip."""


@router.get("/identities/")
def show_identities(visit: OnPage, wanted: Annotated[Wanted, Depends()]) -> HTMLResponse:
    """The review queue, and the links that a search finds."""
    everything = named_pairs(visit)
    waiting = _waiting(everything)
    shown = set(waiting[wanted.queue : wanted.queue + CASES_A_PAGE])
    in_review = [one for one in everything if one.status == "review" and (one.kind, one.sofasport_id) in shown]
    chosen = found(everything, wanted.search.strip(), wanted.kind, wanted.status)
    return visit.page(
        "identities.html",
        "Identities",
        cases=cases_of(detailed(visit, in_review)),
        waiting=len(waiting),
        cases_a_page=CASES_A_PAGE,
        queue_query=query_of(visit),
        unlinked_clubs=visit.rows(UnlinkedClub, "unlinked_clubs"),
        pairs=detailed(visit, chosen[wanted.offset : wanted.offset + PAIRS_A_PAGE]),
        total=len(chosen),
        limit=PAIRS_A_PAGE,
        query=query_of(visit, search=wanted.search, kind=wanted.kind, status=wanted.status),
        wanted=wanted,
        kinds=KINDS,
        statuses={**STATUSES, "decided": "decided manually"},
    )


@router.get("/identities/{kind}/{sofasport_id}/")
def show_identity(visit: OnPage, kind: Kind, sofasport_id: Annotated[int, Path(ge=1, le=MAX_ID)]) -> HTMLResponse:
    """A SofaSport id: all its pairs, and every decision about it."""
    everything = named_pairs(visit)
    own = [one for one in everything if (one.kind, one.sofasport_id) == (kind, sofasport_id)]
    pairs = detailed(visit, own or [NamedPair(kind, sofasport_id, 0, "no_counterpart", None, "")])
    case = cases_of(pairs)[0]
    if case.sofasport is None and not own:
        what = "player" if kind == "player" else "club"
        raise NotFoundError(
            f"SofaSport's {what} {sofasport_id} is not stored. Search for the name on the page Identities."
        )
    decisions = visit.rows(DecisionRow, "identity_decisions", {"kind": kind, "sofasport_id": sofasport_id})
    waiting = [one for one in _waiting(everything) if one != (kind, sofasport_id)]
    return visit.page(
        "identity.html", "Identities", case=case, decisions=decisions, following=waiting[:1], left=len(waiting)
    )


def _waiting(pairs: list[NamedPair]) -> list[tuple[Kind, int]]:
    """Who waits for a decision, each once."""
    return list(dict.fromkeys((one.kind, one.sofasport_id) for one in pairs if one.status == "review"))
