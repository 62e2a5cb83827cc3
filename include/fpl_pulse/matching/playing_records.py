"""Playing records: the minutes and goals of people in matches, compared between the two sources.

Names are spelt in many ways and birth dates can be missing, but both sources record who played 67 minutes and scored
twice on a Saturday. A record of seven such matches fits only one person.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from fpl_pulse.matching.rows import AppearanceRow, Candidate, FigureRow, utc

MINUTES_APART = 2
"""Largest difference in minutes between the sources: they round stoppage time and substitutions differently."""

TURNING_MATCHES = 3
"""Consecutive disagreeing matches that contradict a link; as many agreeing ones end the contradiction."""

MAX_BITS, DISAGREEMENT_BITS, MIN_BITS = 24.0, -6.0, -30.0
"""Weight of a record: its maximum, what each disagreeing match adds, and the least that these add up to."""

SQUAD_BITS = math.log2(30)
"""Maximum weight of a record that others share: it only narrows down a squad, and the club has a weight of its own."""

Record = dict[int, tuple[int, int]]
"""Match (FPL's fixture id) -> minutes above zero and goals."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two playing records compare, over the matches in which either has minutes."""

    agreed: int
    disagreed: int
    bits: float
    is_unique: bool
    """No other FPL player's record agrees as well."""
    contradicts: bool
    """`TURNING_MATCHES` in a row disagreed, and since then not as many in a row agreed."""

    @property
    def words(self) -> str:
        """The comparison in words."""
        matches = self.agreed + self.disagreed
        if not self.disagreed:
            return f"minutes agree in all of {matches} matches" + (", as nobody else's" if self.is_unique else "")
        return f"minutes agree in {self.agreed} of {matches} matches"


class PlayingRecords:
    """The playing records of both sides, over the matches for which both sources have minutes."""

    def __init__(self, sofasport: Mapping[int, Record], fpl: Mapping[int, Record], order: Sequence[int]) -> None:
        """Index records by SofaSport player id and by FPL code; `order` has the matches, oldest first."""
        self.sofasport = sofasport
        self._fpl = fpl
        self._position = {fixture: position for position, fixture in enumerate(order)}
        self._in_match: dict[int, list[tuple[int, int]]] = defaultdict(list)
        """Match -> minutes and goals of everybody in it."""
        self._agreeing: dict[tuple[int, int], list[int]] = defaultdict(list)
        """Match and minutes -> the FPL codes whose minutes agree with these."""
        self._bits: dict[tuple[int, int, int], float] = {}
        """Match, minutes and goals -> bits, for those that were compared."""
        self._certain = {code: _certain(record) for code, record in fpl.items()}
        for code in sorted(fpl):
            for fixture, (minutes, goals) in fpl[code].items():
                self._in_match[fixture].append((minutes, goals))
                for near in range(minutes - MINUTES_APART, minutes + MINUTES_APART + 1):
                    self._agreeing[fixture, near].append(code)

    def count_agreeing(self, record: Record) -> Counter[int]:
        """Return FPL code -> matches that agree with a SofaSport record, for the codes with at least one."""
        return Counter(
            chain.from_iterable(self._agreeing.get((fixture, minutes), ()) for fixture, (minutes, _) in record.items())
        )

    def supporters(self, record: Record, agreeing: Mapping[int, int]) -> set[int]:
        """Return the FPL codes for which `compare` can return more than zero bits: more matches agree than disagree.

        Every match of more than `MINUTES_APART` minutes in either record agrees or disagrees.
        """
        certain = _certain(record)
        return {code for code, agreed in agreeing.items() if 2 * agreed > max(certain, self._certain[code])}

    def agrees(self, record: Record, code: int) -> bool:
        """Tell whether an FPL player has the minutes of each match of a SofaSport record, some of them certain."""
        official = self._fpl.get(code, {})
        apart = (abs(minutes - official.get(fixture, (0, 0))[0]) for fixture, (minutes, _) in record.items())
        return _certain(record) > 0 and all(minutes <= MINUTES_APART for minutes in apart)

    def compare(self, record: Record, code: int, agreeing: Mapping[int, int]) -> Comparison | None:
        """Compare a SofaSport record with an FPL player's; None when neither has played.

        The record may be of several profiles together; `agreeing` is what `count_agreeing` returns for it.
        """
        official = self._fpl.get(code, {})
        outcomes: list[bool] = []
        information = 0.0
        for fixture in sorted(record.keys() | official.keys(), key=self._position.__getitem__):
            ours, theirs = record.get(fixture), official.get(fixture)
            if abs((ours[0] if ours else 0) - (theirs[0] if theirs else 0)) > MINUTES_APART:
                outcomes.append(False)
            elif ours and theirs:
                outcomes.append(True)
                information += self._information(fixture, ours, theirs)
            # A minute or two in one source only is no evidence either way.
        if not outcomes:
            return None
        agreed = sum(outcomes)
        disagreed = len(outcomes) - agreed
        contradicts = _ends_in_contradiction(outcomes)
        against = max(DISAGREEMENT_BITS * disagreed, MIN_BITS)
        if agreed <= disagreed:
            # Half of a team's players agree as often.
            return Comparison(agreed, disagreed, against, is_unique=False, contradicts=contradicts)
        rivals = sum(
            len(record.keys() | self._fpl[other].keys()) - matches <= disagreed
            for other, matches in agreeing.items()
            # The larger of the two records is the least that both together can have: it rules out most others.
            if matches >= agreed and len(self._fpl[other]) - matches <= disagreed and other != code
        )
        if rivals:
            information = min(information, max(SQUAD_BITS - math.log2(1 + rivals), 0.0))
        bits = min(information, MAX_BITS) + against
        return Comparison(agreed, disagreed, bits, is_unique=not rivals, contradicts=contradicts)

    def _information(self, fixture: int, ours: tuple[int, int], theirs: tuple[int, int]) -> float:
        """Return the bits of one agreeing match: rare minutes weigh more than ninety, equal goals add."""
        if ours[1] != theirs[1]:
            return self._bits_of(fixture, ours[0], 0) + DISAGREEMENT_BITS / 2
        return self._bits_of(fixture, *ours)

    def _bits_of(self, fixture: int, minutes: int, goals: int) -> float:
        """Return the bits of these minutes and goals in a match; goals count when there are any."""
        figures = (fixture, minutes, goals)
        if figures not in self._bits:
            everybody = self._in_match[fixture]
            alike = sum(abs(official - minutes) <= MINUTES_APART for official, _ in everybody)
            bits = math.log2(len(everybody) / alike)
            if goals:
                bits += math.log2(len(everybody) / sum(scored == goals for _, scored in everybody))
            self._bits[figures] = bits
        return self._bits[figures]


def _certain(record: Record) -> int:
    """Return how many matches of a record agree or disagree with any other record."""
    return sum(minutes > MINUTES_APART for minutes, _ in record.values())


def _ends_in_contradiction(outcomes: Iterable[bool]) -> bool:
    """Tell whether matches, oldest first (True: agrees), contradict a link. A single match never changes the result."""
    contradicts, opposing = False, 0
    for agrees in outcomes:
        opposing = opposing + 1 if agrees == contradicts else 0
        if opposing == TURNING_MATCHES:
            contradicts, opposing = not contradicts, 0
    return contradicts


def playing_records(
    appearances: Iterable[AppearanceRow], figures: Iterable[FigureRow], fixtures: Iterable[Candidate]
) -> PlayingRecords:
    """Build the records over the matches with minutes from SofaSport's current event and from FPL.

    Appearances are one row a player and event, figures one row a player and fixture. `fixtures` are as `match_fixtures`
    returns them.
    """
    fixture_of = {row.sofasport_id: row.fpl_id for row in fixtures if row.is_current}
    official = list(figures)
    kickoff = {row.fixture_id: utc(row.kickoff_at) for row in official}
    sofasport: dict[int, Record] = defaultdict(dict)
    compared: set[int] = set()
    for row in appearances:
        fixture = fixture_of.get(row.event_id)
        if fixture is not None and fixture in kickoff:
            sofasport[row.sofasport_player_id][fixture] = row.minutes, row.goals
            compared.add(fixture)
    fpl: dict[int, Record] = defaultdict(dict)
    for figure in official:
        if figure.fixture_id in compared:
            fpl[figure.fpl_code][figure.fixture_id] = figure.minutes, figure.goals
    order = sorted(compared, key=lambda fixture: (kickoff[fixture] is None, kickoff[fixture], fixture))
    return PlayingRecords(dict(sofasport), dict(fpl), order)
