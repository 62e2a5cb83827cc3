"""Playing records for the tests, and what the matching makes of them."""

from __future__ import annotations

import datetime as dt

from fpl_pulse.matching.manual_decisions import ManualDecisions
from fpl_pulse.matching.players import match_players
from fpl_pulse.matching.playing_records import PlayingRecords, playing_records
from fpl_pulse.matching.rows import AppearanceRow, Candidate, ElementRow, FigureRow, PersonRow
from tests.unit.matching.test_matching_players import TEAMS

BORN = dt.date(2000, 3, 7)
KICK_OFF = dt.datetime(2025, 8, 16, 14, tzinfo=dt.UTC)
Played = dict[int, int]
"""Matchday -> minutes."""

TEAM_MATES = {number: {day: 90 for day in range(1, 9)} for number in range(900, 910)}
"""Players who played every minute, known to both sources."""


def current(event_id: int, fixture_id: int, *, is_current: bool = True) -> Candidate:
    """A linked event."""
    return Candidate(sofasport_id=event_id, fpl_id=fixture_id, status="linked", evidence="", is_current=is_current)


def records_of(
    sofasport: dict[int, Played], fpl: dict[int, Played], goals: dict[tuple[int, int], int] | None = None
) -> PlayingRecords:
    """The records of both sides; `goals` by (SofaSport id or FPL code, matchday)."""
    scored = goals or {}
    days = {day for played in [*sofasport.values(), *fpl.values()] for day in played}
    return playing_records(
        [
            AppearanceRow(100 + day, number, minutes, scored.get((number, day), 0))
            for number, played in sofasport.items()
            for day, minutes in played.items()
        ],
        [
            FigureRow(day, code, minutes, scored.get((code, day), 0), KICK_OFF + dt.timedelta(weeks=day))
            for code, played in fpl.items()
            for day, minutes in played.items()
        ],
        [current(100 + day, day) for day in days],
    )


RECORD = {1: 90, 2: 67, 3: 12, 4: 85, 5: 31}


def match(  # noqa: PLR0917 - tests pass what they are about
    people: list[PersonRow],
    players: list[ElementRow],
    records: PlayingRecords,
    earlier: dict[int, int] | None = None,
    decisions: ManualDecisions | None = None,
    lost: dict[int, int] | None = None,
) -> dict[int, Candidate]:
    """The likeliest candidate of each person."""
    candidates = match_players(people, players, TEAMS, earlier or {}, records=records, decisions=decisions, lost=lost)
    likeliest: dict[int, Candidate] = {}
    for candidate in candidates:
        likeliest.setdefault(candidate.sofasport_id, candidate)
    return likeliest


def codes(candidates: dict[int, Candidate]) -> dict[int, int | None]:
    """The FPL code of each person's candidate."""
    return {number: candidate.fpl_id for number, candidate in candidates.items()}


def statuses(candidates: dict[int, Candidate]) -> dict[int, str]:
    """The status of each person's candidate."""
    return {number: candidate.status for number, candidate in candidates.items()}
