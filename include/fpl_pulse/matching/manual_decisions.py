"""Manual decisions, in the form in which the matching applies them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, Self

DECISION = "decision"
"""The method of a link that was decided manually."""


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A manual decision in force; ``note`` says who decided, when and why."""

    sofasport_id: int
    fpl_id: int
    verdict: Literal["link", "reject"]
    note: str


@dataclass(frozen=True, slots=True)
class ManualDecisions:
    """Pairs that were linked or rejected manually. The evidence decides about all other pairs."""

    links: dict[int, int] = field(default_factory=dict)
    """SofaSport id -> FPL code."""
    rejected: frozenset[tuple[int, int]] = frozenset()
    notes: dict[tuple[int, int], str] = field(default_factory=dict)
    """(SofaSport id, FPL code) -> who decided, when and why."""

    @classmethod
    def of(cls, rows: Iterable[DecisionRow]) -> Self:
        """Read the decisions in force, oldest first; a SofaSport id is linked at most once."""
        decided = list(rows)
        return cls(
            {row.sofasport_id: row.fpl_id for row in decided if row.verdict == "link"},
            frozenset((row.sofasport_id, row.fpl_id) for row in decided if row.verdict == "reject"),
            {(row.sofasport_id, row.fpl_id): row.note for row in decided},
        )
