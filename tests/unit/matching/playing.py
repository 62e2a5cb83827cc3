"""Records of minutes for the tests, and what the matching makes of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from fpl_pulse.matching.behaviour import Records, records
from fpl_pulse.matching.decisions import Decisions
from fpl_pulse.matching.players import match_players
from tests.unit.matching.test_matching_players import TEAMS

BORN = dt.date(2000, 3, 7)
Played = dict[int, int]
"""Matchday -> minutes."""

TEAM_MATES = {number: {day: 90 for day in range(1, 9)} for number in range(900, 910)}
"""Ever-presents of both sides, known to FPL only as a crowd."""


def known(
    ours: dict[int, Played], theirs: dict[int, Played], goals: dict[tuple[int, int], int] | None = None
) -> Records:
    """Records of both sides; `goals` by (id or code, matchday)."""
    scored = goals or {}
    days = sorted({day for played in [*ours.values(), *theirs.values()] for day in played})
    kickoff = pd.Timestamp("2025-08-16T14:00Z")

    def rows(side: dict[int, Played]) -> list[tuple[int, int, int, int]]:
        return [
            (day, number, minutes, scored.get((number, day), 0))
            for number, played in side.items()
            for day, minutes in played.items()
        ]

    return records(
        pd.DataFrame(
            [(100 + day, *rest) for day, *rest in rows(ours)],
            columns=["event_id", "sofasport_player_id", "minutes", "goals"],
        ),
        pd.DataFrame(
            [(*row, kickoff + pd.Timedelta(weeks=row[0])) for row in rows(theirs)],
            columns=["fixture_id", "fpl_code", "minutes", "goals", "kickoff_at"],
        ),
        pd.DataFrame({"event_id": [100 + day for day in days], "fixture_id": days, "is_current": True}),
    )


RECORD = {1: 90, 2: 67, 3: 12, 4: 85, 5: 31}


def match(
    people: list[dict[str, Any]],
    players: list[dict[str, Any]],
    both: Records,
    earlier: dict[int, int] | None = None,
    said: Decisions | None = None,
    lost: dict[int, int] | None = None,
) -> dict[int, dict[str, Any]]:
    """The likeliest candidate of each person."""
    candidates = match_players(
        pd.DataFrame(people),
        pd.DataFrame(players),
        TEAMS,
        pd.DataFrame(list((earlier or {}).items()), columns=["sofasport_player_id", "fpl_code"]),
        records=both,
        decisions=said,
        lost=lost,
    )
    found: dict[int, dict[str, Any]] = {}
    for row in candidates.to_dict("records"):
        found.setdefault(row["sofasport_player_id"], {str(name): value for name, value in row.items()})
    return found


def column(found: dict[int, dict[str, Any]], name: str) -> dict[int, Any]:
    """One value of each person."""
    return {number: row[name] for number, row in found.items()}
