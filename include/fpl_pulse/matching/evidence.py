"""The evidence for a SofaSport person and an FPL player being the same person, in bits.

The weight of a piece of evidence is a log2 likelihood ratio: how much likelier the piece is for one person than for
two. The sum of the weights and the prior (one of some 700 FPL players) is the log2 of the odds; 7 bits are 128 to 1.
The weights are rounded measurements; see docs/matching.md.
"""

import datetime as dt
import math
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from fpl_pulse.matching.names import NameComparison, compare_names
from fpl_pulse.matching.people import Element, Person
from fpl_pulse.matching.playing_records import Comparison

EvidenceKind = Literal["minutes", "birth_date", "name", "club", "position", "shirt"]
KINDS: tuple[EvidenceKind, ...] = get_args(EvidenceKind)

PRIOR = -9.5
LINK, FLOOR, MARGIN = 7.0, -3.0, 6.0
"""Bits: the threshold of a link, that of a review, and what the optimal assignment must lose without a link."""

_NAME_SCORES = (0.0, 0.40, 0.45, 0.60, 0.70, 0.80, 0.90, 0.96, 1.0)
_NAME_BITS = (-7.0, -5.0, -2.0, 3.0, 5.0, 8.0, 11.0, 14.0, 17.0)
_UNREADABLE_BITS = -2.0
_VARIANTS = {"given_name_short", "name_spelling"}
_MAX_VARIANT_BITS = 10.5
"""Brothers can have similar given names: such a name and the club are not enough for a link."""
_BIRTH_DATE = {
    "birth_date_equal": 11.0, "birth_date_near": 6.0, "birth_date_missing": 0.0, "birth_date_different": -10.0,
}  # fmt: skip
_CLUB = {"club_in_common": 4.0, "club_unknown": 0.0, "no_common_club": -5.0}
_POSITION = {
    "position_equal": 1.0, "position_compatible": 0.0, "position_unknown": 0.0, "position_apart": -4.0,
    "goalkeeper_or_not": -16.0,
}  # fmt: skip
_SHIRT = {"shirt_equal": 3.0, "shirt_unknown": 0.0, "shirt_different": -1.0}

_SUPPORTING_BITS = 4.0
"""A piece of at least so many bits supports the pair and is named in the method of the link."""

_MATCHES_TO_OVERRIDE = 3
"""Matches that fit no other player and so override a different birth date or position."""

_MATCHES_TO_IDENTIFY = 5
"""Matches required when neither name nor birth date identifies the player."""

_LINES = {"G": 1, "D": 2, "M": 3, "F": 4}


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence: its kind, its outcome in words, and its weight in bits."""

    kind: EvidenceKind
    words: str
    bits: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """All evidence about one pair."""

    pieces: tuple[Piece, ...]
    name: NameComparison
    minutes: Comparison | None = None

    def with_minutes(self, minutes: Comparison) -> "Evidence":
        """The same evidence with that of the minutes."""
        return Evidence((*self.pieces, Piece("minutes", minutes.words, minutes.bits)), self.name, minutes)

    @property
    def bits(self) -> float:
        """The log2 of the odds that the two are one person."""
        return round(PRIOR + sum(piece.bits for piece in self.pieces), 6)

    @property
    def bits_without_disagreement(self) -> float:
        """The same without the weight of disagreeing minutes."""
        return self.bits - sum(piece.bits for piece in self.pieces if piece.kind == "minutes" and piece.bits < 0)

    @property
    def has_agreeing_minutes(self) -> bool:
        """Whether both have played in a match, and as long."""
        return self.minutes is not None and self.minutes.agreed > 0

    @property
    def links(self) -> bool:
        """Whether the evidence makes a link: enough bits, two supporting kinds, and no contradiction."""
        supporting = {piece.kind for piece in self.pieces if piece.bits >= _SUPPORTING_BITS}
        matches = self.minutes.agreed if self.minutes is not None else 0
        # It is not rare that two team-mates come on in the same minute in several matches.
        if supporting & {"minutes", "name", "birth_date"} == {"minutes"} and matches < _MATCHES_TO_IDENTIFY:
            return False
        # There is no second kind when the contribution of a single one is measured.
        return self.bits >= LINK and len(supporting) >= min(2, len(self.pieces)) and not self.contradicts

    @property
    def confidence(self) -> float:
        """The same as a probability."""
        return round(1.0 / (1.0 + math.pow(2.0, -self.bits)), 3)

    @property
    def words(self) -> str:
        """The evidence in words, the strongest first; pieces of zero bits only where there are no others."""
        weighty = sorted((piece for piece in self.pieces if piece.bits), key=lambda piece: -abs(piece.bits))
        return ", ".join(piece.words.replace("_", " ") for piece in weighty or self.pieces[:1])

    @property
    def method(self) -> str:
        """The kinds of evidence that support the pair, the strongest first."""
        supporting = sorted(
            (piece for piece in self.pieces if piece.bits >= _SUPPORTING_BITS), key=lambda piece: -piece.bits
        )
        return " + ".join(piece.kind.replace("_", " ") for piece in supporting) or "none"

    @property
    def contradicts(self) -> bool:
        """Whether the two cannot be one person, whatever else agrees.

        They have a different birth date and a different name, only one is a goalkeeper, or their minutes disagreed in
        three matches in a row.
        """
        words = {piece.words for piece in self.pieces}
        other_identity = "birth_date_different" in words and self.name.score < 0.6
        other_position = "goalkeeper_or_not" in words and "birth_date_equal" not in words
        other_matches = self.minutes is not None and self.minutes.contradicts
        overridden = (
            self.minutes is not None
            and self.minutes.is_unique
            and self.minutes.agreed >= _MATCHES_TO_OVERRIDE
            and not self.minutes.disagreed
        )
        return other_matches or ((other_identity or other_position) and not overridden)


def weigh(person: Person, element: Element, kinds: Collection[EvidenceKind] = KINDS) -> Evidence:
    """Return the evidence for the two being one person, without that of their minutes."""
    birth_date = compare_birth_dates(person.birth_date, element.birth_date)
    name = compare_names(person.names, element.names)
    pieces = (
        _PIECES[birth_date],
        _name_piece(name),
        _PIECES[_compare_clubs(person, element)],
        _PIECES[_compare_positions(person.position, element.line)],
        _PIECES[_compare_shirts(person, element)],
    )
    return Evidence(tuple([piece for piece in pieces if piece.kind in kinds]), name)


_OUTCOMES: dict[EvidenceKind, dict[str, float]] = {
    "birth_date": _BIRTH_DATE, "club": _CLUB, "position": _POSITION, "shirt": _SHIRT,
}  # fmt: skip
_PIECES = {words: Piece(kind, words, bits) for kind, outcomes in _OUTCOMES.items() for words, bits in outcomes.items()}
"""Outcome in words -> the piece of evidence, for the kinds with a few outcomes."""


@lru_cache(maxsize=4096)
def _name_piece(name: NameComparison) -> Piece:
    return Piece("name", name.level, _name_bits(name))


def _name_bits(name: NameComparison) -> float:
    if name.level == "name_unreadable":
        return _UNREADABLE_BITS
    import numpy as np  # noqa: PLC0415 - slow, and DAG files import this module

    bits = round(float(np.interp(name.score, _NAME_SCORES, _NAME_BITS)), 2)
    return min(bits, _MAX_VARIANT_BITS) if name.level in _VARIANTS else bits


def compare_birth_dates(one: dt.date | None, other: dt.date | None) -> str:
    """Return how two birth dates agree. A day off (time zones) and swapped day and month are known errors."""
    if one is None or other is None:
        return "birth_date_missing"
    if one == other:
        return "birth_date_equal"
    return "birth_date_near" if other in similar_birth_dates(one) else "birth_date_different"


@lru_cache(maxsize=4096)
def similar_birth_dates(birth_date: dt.date) -> frozenset[dt.date]:
    """Return the birth dates that equal this one or are near it."""
    number = birth_date.toordinal()
    days = range(max(number - 1, dt.date.min.toordinal()), min(number + 1, dt.date.max.toordinal()) + 1)
    swapped = [birth_date.replace(month=birth_date.day, day=birth_date.month)] if birth_date.day <= 12 else []
    return frozenset([*map(dt.date.fromordinal, days), *swapped])


def _compare_clubs(person: Person, element: Element) -> str:
    if not person.club_codes or element.club_code is None:
        return "club_unknown"
    return "club_in_common" if element.club_code in person.club_codes else "no_common_club"


def _compare_positions(position: str | None, line: int | None) -> str:
    sofasport_line = _LINES.get(position or "")
    if sofasport_line is None or line is None:
        return "position_unknown"
    if (sofasport_line == 1) != (line == 1):
        return "goalkeeper_or_not"
    if sofasport_line == line:
        return "position_equal"
    # The sources often differ by one line for wing-backs and wide forwards.
    return "position_compatible" if abs(sofasport_line - line) == 1 else "position_apart"


def _compare_shirts(person: Person, element: Element) -> str:
    if not person.shirts or element.shirt is None:
        return "shirt_unknown"
    return "shirt_equal" if element.shirt in person.shirts else "shirt_different"
