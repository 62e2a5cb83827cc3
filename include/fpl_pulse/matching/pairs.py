"""One SofaSport person against one FPL player: what speaks for and against, and how much."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from fpl_pulse.matching.names import NameForms, NameMatch, compare

# A pair needs LINK to be linked, FLOOR to be worth a person's look, and MARGIN over every rival.
LINK, FLOOR, MARGIN = 0.78, 0.5, 0.08

# What a birth date is worth by itself, and how much the name adds to it (name score 1 = all of it).
_BIRTH = {
    "birth_date_equal": (0.45, 0.50),
    "birth_date_near": (0.22, 0.66),
    "birth_date_missing": (0.10, 0.75),
    "birth_date_different": (-0.10, 0.65),
}
_CLUB = {"club_in_common": 0.05, "club_unknown": 0.0, "no_common_club": -0.10}
_POSITION = {
    "position_compatible": 0.0, "position_unknown": 0.0, "position_apart": -0.05, "goalkeeper_or_not": -0.40,
}  # fmt: skip

_LINES = {"G": 1, "D": 2, "M": 3, "F": 4}


@dataclass(frozen=True, slots=True)
class Person:
    """A SofaSport person. ``club_codes`` are the FPL codes of the linked clubs he has been seen in."""

    id: int
    names: NameForms
    birth_date: dt.date | None
    club_codes: frozenset[int]
    position: str | None


@dataclass(frozen=True, slots=True)
class Element:
    """An FPL player; ``code`` is his for life, ``line`` the element type 1 (goalkeeper) to 4 (forward)."""

    code: int
    names: NameForms
    birth_date: dt.date | None
    club_code: int | None
    line: int | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about one pair; ``score`` may pass 1. Further evidence adds to score and words."""

    score: float
    birth: str
    name: NameMatch
    words: tuple[str, ...]

    @property
    def confidence(self) -> float:
        """The score, held within 0 and 1."""
        return round(min(max(self.score, 0.0), 1.0), 3)

    @property
    def method(self) -> str:
        """What carries the link."""
        return {
            "birth_date_equal": "birth_date_and_name",
            "birth_date_near": "near_birth_date_and_name",
        }.get(self.birth, "name_and_club")

    @property
    def contradicts(self) -> bool:
        """Whether an earlier decision cannot stand: another birth date, and another name or another trade."""
        other_man = self.birth == "birth_date_different" and self.name.score < 0.6
        return other_man or ("goalkeeper_or_not" in self.words and self.birth != "birth_date_equal")


def weigh(person: Person, element: Element) -> Evidence:
    """Return the evidence for the two being one and the same."""
    birth = birth_word(person.birth_date, element.birth_date)
    club = _club_word(person, element)
    position = _position_word(person.position, element.line)
    name = compare(person.names, element.names)
    base, by_name = _BIRTH[birth]
    score = base + by_name * name.score + _CLUB[club] + _POSITION[position]
    return Evidence(round(score, 6), birth, name, (birth, name.word, club, position))


def birth_word(one: dt.date | None, other: dt.date | None) -> str:
    """Say how two birth dates agree; a day off (time zones) and day and month swapped are known slips."""
    if one is None or other is None:
        return "birth_date_missing"
    if one == other:
        return "birth_date_equal"
    swapped = one.year == other.year and (one.day, one.month) == (other.month, other.day)
    return "birth_date_near" if swapped or abs((one - other).days) == 1 else "birth_date_different"


def _club_word(person: Person, element: Element) -> str:
    if not person.club_codes or element.club_code is None:
        return "club_unknown"
    return "club_in_common" if element.club_code in person.club_codes else "no_common_club"


def _position_word(position: str | None, line: int | None) -> str:
    mine = _LINES.get(position or "")
    if mine is None or line is None:
        return "position_unknown"
    if (mine == 1) != (line == 1):
        return "goalkeeper_or_not"
    # The two sources differ by one line for wing-backs and wide forwards all the time.
    return "position_compatible" if abs(mine - line) <= 1 else "position_apart"
