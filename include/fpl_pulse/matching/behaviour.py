"""What people did in the matches: minutes and goals on both sides agree, or they do not.

Names can be written in many ways and birth dates can be missing; who played 67 minutes and scored twice on a Saturday
is on record on both sides. Seven such matches fit one man alone.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from fpl_pulse.matching.frames import as_int, is_missing

MINUTES_APART = 2
"""The two sources round stoppage time and the minute of a substitution differently, by this much at most."""

RUNNING = 3
"""So many disagreeing matches in a row contradict a link, and so many agreeing ones take that back."""

MOST_BITS, DISAGREEMENT_BITS, MOST_AGAINST = 24.0, -6.0, -30.0
"""What a record can be worth at most, what each disagreeing match takes away, and that at most."""

SQUAD_BITS = math.log2(30)
"""The most that a record can say which others share: it picks some of a squad, and the club is weighed apart."""

Minutes = dict[int, tuple[int, int]]
"""Match (FPL's fixture id) -> minutes above zero and goals."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two records compare, over the matches in which either has minutes."""

    agreed: int
    disagreed: int
    bits: float
    alone: bool
    """Nobody else's record agrees as well."""
    contradicts: bool
    """The records went different ways for so long that the two cannot be one, and have not come together since."""

    @property
    def words(self) -> str:
        """The comparison in words."""
        matches = self.agreed + self.disagreed
        if not self.disagreed:
            return f"minutes agree in all of {matches} matches" + (", as nobody else's" if self.alone else "")
        return f"minutes agree in {self.agreed} of {matches} matches"


class _Course:
    """The verdict on two records, match by match: one match neither makes a contradiction nor ends it."""

    def __init__(self) -> None:
        self.contradicts = False
        self._against_it = 0

    def goes_on(self, *, agrees: bool) -> None:
        """Take in the next match; `RUNNING` in a row against the verdict so far turn it over."""
        self._against_it = self._against_it + 1 if agrees == self.contradicts else 0
        if self._against_it == RUNNING:
            self.contradicts, self._against_it = not self.contradicts, 0


class Records:
    """The records of both sides over the matches that both sides have figures of."""

    def __init__(
        self, played: Mapping[int, Minutes], official: Mapping[int, Minutes], order: Sequence[int]
    ) -> None:
        """Take the records as they are.

        Args:
            played: SofaSport player id -> record.
            official: FPL code -> record.
            order: the comparable matches, oldest first.
        """
        self.played = played
        self._official = official
        self._place = {fixture: place for place, fixture in enumerate(order)}
        self._in_match: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for code in sorted(official):
            for fixture, (minutes, goals) in official[code].items():
                self._in_match[fixture].append((code, minutes, goals))

    def fits(self, record: Minutes) -> Counter[int]:
        """Count, for every FPL code with any, the matches in which it agrees with a record."""
        return Counter(
            code
            for fixture, (minutes, _) in record.items()
            for code, official, _ in self._in_match.get(fixture, ())
            if abs(official - minutes) <= MINUTES_APART
        )

    def compare(self, record: Minutes, code: int, fits: Mapping[int, int]) -> Agreement | None:
        """Compare a SofaSport record with an FPL player's; None when neither has played.

        Args:
            record: of one person, or of several profiles that may be one.
            code: the FPL player's.
            fits: what `fits` says of the record.
        """
        official = self._official.get(code, {})
        agreed, disagreed, information = 0, 0, 0.0
        course = _Course()
        for fixture in sorted(record.keys() | official.keys(), key=self._place.__getitem__):
            ours, theirs = record.get(fixture), official.get(fixture)
            apart = abs((ours or (0, 0))[0] - (theirs or (0, 0))[0])
            if apart > MINUTES_APART:
                disagreed += 1
                course.goes_on(agrees=False)
            elif ours and theirs:
                agreed += 1
                course.goes_on(agrees=True)
                information += self._information(fixture, ours, theirs)
            # A minute or two on one side alone says nothing either way.
        if not agreed and not disagreed:
            return None
        against = max(DISAGREEMENT_BITS * disagreed, MOST_AGAINST)
        if agreed <= disagreed:
            # What half the teammates share as well is no sign of one man.
            return Agreement(agreed, disagreed, against, alone=False, contradicts=course.contradicts)
        rivals = sum(
            other != code and len(record.keys() | self._official[other].keys()) - matches <= disagreed
            for other, matches in fits.items()
            if matches >= agreed
        )
        if rivals:
            information = min(information, max(SQUAD_BITS - math.log2(1 + rivals), 0.0))
        bits = min(information, MOST_BITS) + against
        return Agreement(agreed, disagreed, bits, alone=not rivals, contradicts=course.contradicts)

    def _information(self, fixture: int, ours: tuple[int, int], theirs: tuple[int, int]) -> float:
        """Bits of one agreeing match: rare minutes say more than ninety, and shared goals more than none."""
        everybody = self._in_match[fixture]
        alike = sum(abs(minutes - ours[0]) <= MINUTES_APART for _, minutes, _ in everybody)
        bits = math.log2(len(everybody) / alike)
        if ours[1] != theirs[1]:
            return bits + DISAGREEMENT_BITS / 2
        if ours[1]:
            bits += math.log2(len(everybody) / sum(goals == ours[1] for _, _, goals in everybody))
        return bits


def records(appearances: pd.DataFrame, figures: pd.DataFrame, fixtures: pd.DataFrame) -> Records:
    """Build the records over the matches that can be compared: current events with minutes, and FPL's figures of them.

    Args:
        appearances: event_id, sofasport_player_id, minutes, goals; one row a player with minutes in an ended match.
        figures: fixture_id, fpl_code, minutes, goals, kickoff_at; one row a player with minutes in a fixture that FPL
            has finished, in any order.
        fixtures: event_id, fixture_id, is_current, as `match_fixtures` returns.
    """
    current = fixtures[fixtures["is_current"].astype(bool)]
    fixture_of = {
        int(event): int(fixture)
        for event, fixture in zip(current["event_id"], current["fixture_id"], strict=True)
        if not is_missing(fixture)
    }
    kickoff = dict(zip(figures["fixture_id"], figures["kickoff_at"], strict=True))
    played: dict[int, Minutes] = defaultdict(dict)
    seen: set[int] = set()
    for event, player, minutes, goals in _rows(appearances, "event_id", "sofasport_player_id"):
        fixture = fixture_of.get(event)
        if fixture is not None and fixture in kickoff and minutes > 0:
            played[player][fixture] = (minutes, goals)
            seen.add(fixture)
    official: dict[int, Minutes] = defaultdict(dict)
    for fixture, code, minutes, goals in _rows(figures, "fixture_id", "fpl_code"):
        if fixture in seen and minutes > 0:
            official[code][fixture] = (minutes, goals)
    order = sorted(seen, key=lambda fixture: (is_missing(kickoff[fixture]), kickoff[fixture], fixture))
    return Records(dict(played), dict(official), order)


def _rows(frame: pd.DataFrame, match: str, who: str) -> list[tuple[int, int, int, int]]:
    columns = (frame[name].tolist() for name in (match, who, "minutes", "goals"))
    return [(int(a), int(b), as_int(c) or 0, as_int(d) or 0) for a, b, c, d in zip(*columns, strict=True)]
