"""One SofaSport person against one FPL player: what speaks for and against, in bits.

A piece of evidence weighs log2 of how much likelier it is when the two are one man than when they are not. Pieces add
up with the prior (one FPL player in some 700) to the log of the odds that they are: 7 bits are 128 to 1. The weights
are rounded from what was measured; docs/matching.md says how.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np

from fpl_pulse.matching.behaviour import Agreement
from fpl_pulse.matching.names import NameForms, NameMatch, compare

Kind = Literal["minutes", "birth_date", "name", "club", "position", "shirt"]
KINDS: tuple[Kind, ...] = ("minutes", "birth_date", "name", "club", "position", "shirt")

PRIOR = -9.5
LINK, FLOOR, MARGIN = 7.0, -3.0, 6.0
"""A pair needs LINK to be linked and FLOOR to be worth a person's look; without it the whole must lose MARGIN."""

_NAME_SCORES = (0.0, 0.40, 0.45, 0.60, 0.70, 0.80, 0.90, 0.96, 1.0)
_NAME_BITS = (-7.0, -5.0, -2.0, 3.0, 5.0, 8.0, 11.0, 14.0, 17.0)
_UNREADABLE = -2.0
_SPELT_OTHERWISE = {"given_name_short", "name_spelling"}
_MOST_SPELT_OTHERWISE = 10.5
"""Brothers have alike given names: with the club alone such a name is no link."""
_BIRTH = {
    "birth_date_equal": 11.0,
    "birth_date_near": 6.0,
    "birth_date_missing": 0.0,
    "birth_date_different": -10.0,
}
_CLUB = {"club_in_common": 4.0, "club_unknown": 0.0, "no_common_club": -5.0}
_POSITION = {
    "position_equal": 1.0, "position_compatible": 0.0, "position_unknown": 0.0, "position_apart": -4.0,
    "goalkeeper_or_not": -16.0,
}  # fmt: skip
_SHIRT = {"shirt_equal": 3.0, "shirt_unknown": 0.0, "shirt_different": -1.0}

_CARRIES = 4.0
"""Evidence of so many bits is named as what a link rests on."""

_PROOF = 3
"""So many matches that fit nobody else prove that a birth date or a position is wrong."""

_PROOF_ALONE = 5
"""So many it takes where neither the name nor the birth date says who he is."""

_LINES = {"G": 1, "D": 2, "M": 3, "F": 4}


@dataclass(frozen=True, slots=True)
class Person:
    """A SofaSport person. ``club_codes`` are the FPL codes of the linked clubs he has been seen in."""

    id: int
    names: NameForms
    birth_date: dt.date | None
    club_codes: frozenset[int]
    position: str | None
    shirts: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Element:
    """An FPL player; ``code`` is his for life, ``line`` the element type 1 (goalkeeper) to 4 (forward)."""

    code: int
    names: NameForms
    birth_date: dt.date | None
    club_code: int | None
    line: int | None
    shirt: int | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence: its kind, what it says, and its weight in bits."""

    kind: Kind
    words: str
    bits: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known about one pair."""

    pieces: tuple[Piece, ...]
    name: NameMatch
    agreement: Agreement | None = None

    @property
    def bits(self) -> float:
        """The log2 of the odds that the two are one."""
        return round(PRIOR + sum(piece.bits for piece in self.pieces), 6)

    @property
    def look_bits(self) -> float:
        """The same without minutes that disagree: what a person would see at first sight."""
        against = sum(piece.bits for piece in self.pieces if piece.kind == "minutes" and piece.bits < 0)
        return self.bits - against

    @property
    def links(self) -> bool:
        """Whether the evidence makes a link: enough of it, of two kinds at least, and nothing that rules it out."""
        carrying = {piece.kind for piece in self.pieces if piece.bits >= _CARRIES}
        if "minutes" in carrying and not carrying & {"name", "birth_date"}:
            # Two team-mates come on in the same minute twice more often than one would think.
            matches = self.agreement.agreed if self.agreement is not None else 0
            if matches < _PROOF_ALONE:
                return False
        # When measuring what one kind is worth there is no second.
        return self.bits >= LINK and len(carrying) >= min(2, len(self.pieces)) and not self.contradicts

    @property
    def confidence(self) -> float:
        """The same as a probability."""
        return round(1.0 / (1.0 + math.pow(2.0, -self.bits)), 3)

    @property
    def words(self) -> str:
        """The evidence in words, the strongest first; what says nothing is left out unless all does."""
        telling = sorted((piece for piece in self.pieces if piece.bits), key=lambda piece: -abs(piece.bits))
        return ", ".join(piece.words.replace("_", " ") for piece in telling or self.pieces[:1])

    @property
    def method(self) -> str:
        """The kinds of evidence that carry the pair, strongest first."""
        carrying = sorted(
            (piece for piece in self.pieces if piece.bits >= _CARRIES), key=lambda piece: -piece.bits
        )
        return " + ".join(piece.kind.replace("_", " ") for piece in carrying) or "none"

    @property
    def contradicts(self) -> bool:
        """Whether the two cannot be one, whatever else agrees.

        Another birth date with another name; another trade; or minutes that have disagreed three matches running.
        """
        said = {piece.words for piece in self.pieces}
        other_man = "birth_date_different" in said and self.name.score < 0.6
        other_trade = "goalkeeper_or_not" in said and "birth_date_equal" not in said
        other_games = self.agreement is not None and self.agreement.contradicts
        proven = (
            self.agreement is not None
            and self.agreement.alone
            and self.agreement.agreed >= _PROOF
            and not self.agreement.disagreed
        )
        return other_games or ((other_man or other_trade) and not proven)


def weigh(
    person: Person,
    element: Element,
    agreement: Agreement | None = None,
    kinds: Collection[Kind] = KINDS,
) -> Evidence:
    """Return the evidence for the two being one and the same.

    Args:
        person: SofaSport's side.
        element: FPL's side.
        agreement: how their records of minutes compare; None when neither has played.
        kinds: the kinds of evidence to look at; all but when measuring what each is worth.
    """
    birth = birth_word(person.birth_date, element.birth_date)
    name = compare(person.names, element.names)
    club, position = _club_word(person, element), _position_word(person.position, element.line)
    shirt = _shirt_word(person, element)
    pieces = [
        Piece("birth_date", birth, _BIRTH[birth]),
        Piece("name", name.word, name_bits(name)),
        Piece("club", club, _CLUB[club]),
        Piece("position", position, _POSITION[position]),
        Piece("shirt", shirt, _SHIRT[shirt]),
    ]
    if agreement is not None:
        pieces.append(Piece("minutes", agreement.words, agreement.bits))
    used = tuple(piece for piece in pieces if piece.kind in kinds)
    return Evidence(used, name, agreement if "minutes" in kinds else None)


def name_bits(name: NameMatch) -> float:
    """What the likeness of two names weighs."""
    if name.word == "name_unreadable":
        return _UNREADABLE
    bits = round(float(np.interp(name.score, _NAME_SCORES, _NAME_BITS)), 2)
    return min(bits, _MOST_SPELT_OTHERWISE) if name.word in _SPELT_OTHERWISE else bits


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
    if mine == line:
        return "position_equal"
    return "position_compatible" if abs(mine - line) == 1 else "position_apart"


def _shirt_word(person: Person, element: Element) -> str:
    if not person.shirts or element.shirt is None:
        return "shirt_unknown"
    return "shirt_equal" if element.shirt in person.shirts else "shirt_different"
