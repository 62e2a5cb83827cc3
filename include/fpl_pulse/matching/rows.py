"""The records that the matching takes and returns.

SofaSport has teams, events, people and appearances; FPL has FPL teams, fixtures, elements (its players) and figures.
The fields of the rows are the columns of the queries `*_to_match.sql`. SofaSport's ids and FPL's codes are permanent;
FPL's fixture ids are those of one season. Times are UTC or have any other time zone, but never none.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

Stage = Literal["not_started", "in_progress", "postponed", "interrupted", "called_off", "awarded", "ended", "unknown"]
Status = Literal["linked", "review", "no_counterpart"]
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A SofaSport team; ``name_code`` has three letters."""

    team_id: int
    name: str
    short_name: str | None = None
    slug: str | None = None
    name_code: str | None = None


@dataclass(frozen=True, slots=True)
class FplTeamRow:
    """An FPL team; ``short_name`` has three letters."""

    code: int
    name: str
    short_name: str | None = None


@dataclass(frozen=True, slots=True)
class EventRow:
    """A SofaSport event of the season; ``stage`` is `pulse.match_stage` of its status code."""

    event_id: int
    home_team_id: int
    away_team_id: int
    start_at: dt.datetime | None
    stage: Stage
    has_lineups: bool = False
    """Players with minutes are known on both sides."""


@dataclass(frozen=True, slots=True)
class FixtureRow:
    """An FPL fixture of the season."""

    fixture_id: int
    home_team_code: int
    away_team_code: int
    kickoff_at: dt.datetime | None
    is_finished: bool = False


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A SofaSport person, with the teams and shirts they were seen in and the events whose lineups name them.

    ``position`` is G, D, M or F.
    """

    sofasport_player_id: int
    name: str | None
    slug: str | None
    short_name: str | None
    position: str | None
    birth_date: dt.date | None
    team_ids: Sequence[int]
    shirt_numbers: Sequence[int]
    event_ids: Sequence[int]
    first_named_at: dt.datetime | None = None
    """The first match whose lineup or list of missing players names the person."""
    last_named_at: dt.datetime | None = None
    observed_at: dt.datetime | None = None
    """When SofaSport first served a lineup with the person."""
    listed_at: dt.datetime | None = None
    """The newest squad that lists the person."""


@dataclass(frozen=True, slots=True)
class ElementRow:
    """An FPL player; ``element_type`` is 1 (goalkeeper) to 4 (forward)."""

    fpl_code: int
    first_name: str
    second_name: str
    web_name: str
    known_name: str | None
    birth_date: dt.date | None
    team_code: int | None
    element_type: int | None
    squad_number: int | None


@dataclass(frozen=True, slots=True)
class AppearanceRow:
    """A SofaSport person's minutes (above zero) and goals in an event that has ended."""

    event_id: int
    sofasport_player_id: int
    minutes: int
    goals: int


@dataclass(frozen=True, slots=True)
class FigureRow:
    """An FPL player's official minutes (above zero) and goals in a finished fixture."""

    fixture_id: int
    fpl_code: int
    minutes: int
    goals: int
    kickoff_at: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What the matching says about a SofaSport id: a link, a pair to review, or that it has no counterpart."""

    sofasport_id: int
    status: Status
    evidence: str
    fpl_id: int | None = None
    """The code of a team or player, the id of a fixture; None where nothing was found."""
    method: str = "none"
    confidence: float = 0.0
    """From 0 to 1."""
    strength: float | None = None
    """Bits, for players only; None when the data show only one of the two."""
    is_current: bool | None = None
    """For events only: whether the event is the one that stands for its fixture."""


def links_of(candidates: Iterable[Candidate]) -> dict[int, int]:
    """Return SofaSport id -> FPL id of the linked candidates."""
    linked = (row for row in candidates if row.status == "linked")
    return {row.sofasport_id: row.fpl_id for row in linked if row.fpl_id is not None}


def by_id(rows: Iterable[Row], id_name: str, what: str) -> dict[int, Row]:
    """Return the rows by id (the field `id_name`), in ascending order, a repeated row once.

    Raises:
        ValueError: an id is in two different rows.
    """
    found: dict[int, Row] = {}
    for row in rows:
        number: int = getattr(row, id_name)
        if found.setdefault(number, row) != row:
            raise ValueError(f"{what} {number} is in two different rows: merge them before matching.")
    return dict(sorted(found.items()))


def utc(moment: dt.datetime | None) -> dt.datetime | None:
    """Return a time in UTC: Python does not tell apart the two hours of one zone when clocks go back.

    Raises:
        ValueError: the time has no time zone.
    """
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ValueError(f"The time {moment} has no time zone: pass UTC times to the matching.")
    return moment.astimezone(dt.UTC)
