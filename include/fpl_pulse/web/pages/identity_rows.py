"""Links between SofaSport and FPL with what both sources say, as the pages about identities show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fpl_pulse.store.decisions import Kind, Verdict
from fpl_pulse.web.name_search import matcher
from fpl_pulse.web.pages.reading import Visit

STATUSES = {
    "review": "in review",
    "linked": "linked",
    "no_counterpart": "no counterpart",
    "rejected": "rejected",
    "withdrawn": "decision withdrawn",
    "not_applied": "decision not applied",
}
"""Status of a pair -> in words. `not_applied`: a newer link replaced it, or the tables lack one of the ids."""

MARKS = {"review": "warn", "linked": "good", "rejected": "bad", "not_applied": "warn"}
"""Status -> how its mark looks."""

MAX_ID = 2**31 - 1


@dataclass(frozen=True)
class NamedPair:
    """A pair with everything that a search looks at."""

    kind: Kind
    sofasport_id: int
    fpl_code: int
    """0 without a counterpart."""
    status: str
    verdict: Verdict | None
    """That of the newest decision."""
    names: str


@dataclass(frozen=True)
class Side:
    """What a source says about a player or club."""

    number: int
    name: str
    short_name: str | None
    birth_date: date | None
    position: str | None
    clubs: list[str]
    appearances: int | None
    """In the season."""
    minutes: int | None


@dataclass(frozen=True)
class FplSide(Side):
    """FPL's side, and who is linked to it."""

    holders: list[int]
    """SofaSport ids."""


@dataclass(frozen=True)
class Evidence:
    """Why a pair is linked or proposed, and the newest decision about it."""

    kind: Kind
    sofasport_id: int
    fpl_code: int
    method: str | None
    confidence: float | None
    strength: float | None
    """In bits."""
    evidence: str | None
    made_at: datetime | None
    verdict: Verdict | None
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None


@dataclass(frozen=True)
class Pair:
    """A pair as a page shows it."""

    status: str
    evidence: Evidence
    sofasport: Side | None
    """None while the tables lack the id."""
    fpl: FplSide | None

    @property
    def status_in_words(self) -> str:
        """What the pair is."""
        return STATUSES[self.status]

    @property
    def mark(self) -> str:
        """How the mark of the status looks."""
        return MARKS.get(self.status, "")

    @property
    def actions(self) -> tuple[str, ...]:
        """What can be decided about the pair."""
        if not self.evidence.fpl_code:
            return ()
        is_decided = self.evidence.verdict in ("link", "reject")
        first = {"review": ("accept", "reject"), "linked": ("reject",)}.get(self.status, ("link",))
        return (*first, "withdraw") if is_decided else first

    @property
    def has_same_birth_date(self) -> bool | None:
        """Whether both sources state the same birth date; None when one states none."""
        if not (self.sofasport and self.fpl and self.sofasport.birth_date and self.fpl.birth_date):
            return None
        return self.sofasport.birth_date == self.fpl.birth_date


@dataclass(frozen=True)
class Case:
    """A SofaSport id with the FPL players or clubs that it could be."""

    kind: Kind
    sofasport_id: int
    sofasport: Side | None
    pairs: Sequence[Pair]


def named_pairs(visit: Visit) -> list[NamedPair]:
    """All pairs, those that wait for a decision first."""
    return visit.rows(NamedPair, "identity_names")


def found(pairs: Iterable[NamedPair], search: str, kind: str, status: str) -> list[NamedPair]:
    """The pairs of a kind and status whose names or ids fit a search; an empty text stands for all."""
    number = int(search) if search.isascii() and search.isdecimal() and len(search) <= 10 else None
    fits = matcher(search)
    return [
        pair
        for pair in pairs
        if (not kind or pair.kind == kind)
        and (not status or pair.status == status or (status == "decided" and pair.verdict))
        and (number in (pair.sofasport_id, pair.fpl_code or None) if number is not None else fits(pair.names))
    ]


def detailed(visit: Visit, chosen: Sequence[NamedPair]) -> list[Pair]:
    """Pairs with their evidence and both sides, in the same order."""
    wanted = {
        "kinds": [pair.kind for pair in chosen],
        "sofasport_ids": [pair.sofasport_id for pair in chosen],
        "fpl_codes": [pair.fpl_code for pair in chosen],
    }
    evidence = visit.rows(Evidence, "identity_pairs", wanted)
    sofasport: dict[tuple[str, int], Side] = {}
    fpl: dict[tuple[str, int], FplSide] = {}
    for kind, name in (("player", "people"), ("team", "clubs")):
        ids = {"numbers": sorted({pair.sofasport_id for pair in chosen if pair.kind == kind})}
        codes = {"numbers": sorted({pair.fpl_code for pair in chosen if pair.kind == kind and pair.fpl_code})}
        if ids["numbers"]:
            sofasport |= {(kind, one.number): one for one in visit.rows(Side, f"sofasport_{name}", ids)}
        if codes["numbers"]:
            fpl |= {(kind, one.number): one for one in visit.rows(FplSide, f"fpl_{name}", codes)}
    return [
        Pair(pair.status, one, sofasport.get((pair.kind, pair.sofasport_id)), fpl.get((pair.kind, pair.fpl_code)))
        for pair, one in zip(chosen, evidence, strict=True)
    ]


def cases_of(pairs: Iterable[Pair]) -> list[Case]:
    """The pairs of each SofaSport id together, in the order of their first."""
    grouped: dict[tuple[Kind, int], list[Pair]] = {}
    for pair in pairs:
        grouped.setdefault((pair.evidence.kind, pair.evidence.sofasport_id), []).append(pair)
    return [
        Case(kind, number, own[0].sofasport, sorted(own, key=lambda pair: -(pair.evidence.confidence or 0)))
        for (kind, number), own in grouped.items()
    ]
