"""What people have decided, as the matching obeys it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from fpl_pulse.matching.frames import rows

DECISION = "decision"
"""The method of a link that a person has made."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """Pairs that a person has linked or rejected, by SofaSport id; what is neither, the evidence decides."""

    links: dict[int, int] = field(default_factory=dict)
    rejected: frozenset[tuple[int, int]] = frozenset()
    notes: dict[tuple[int, int], str] = field(default_factory=dict)
    """(SofaSport id, FPL code) -> who decided, when and why."""


def decisions(frame: pd.DataFrame) -> Decisions:
    """Read the decisions in force.

    Args:
        frame: sofasport_id, fpl_id, verdict (link or reject), note; a SofaSport id is linked at most once.
    """
    links: dict[int, int] = {}
    rejected: set[tuple[int, int]] = set()
    notes: dict[tuple[int, int], str] = {}
    for row in rows(
        frame, ["decision_id", "sofasport_id", "fpl_id", "verdict", "note"], "Decisions", "decision_id"
    ):
        pair = int(row["sofasport_id"]), int(row["fpl_id"])
        notes[pair] = str(row["note"])
        if row["verdict"] == "link":
            links[pair[0]] = pair[1]
        else:
            rejected.add(pair)
    return Decisions(links, frozenset(rejected), notes)
