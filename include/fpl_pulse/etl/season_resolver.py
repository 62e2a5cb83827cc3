"""Which season FPL's reference data is about: decided from evidence that must agree, never from one value.

The evidence is the season of most deadlines (`bootstrap-static`) and of most kick-offs (`fixtures/`), the lasting codes
of fixtures and clubs beside those of the stored season, and the as-of time of the run. Pure functions on values.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from fpl_pulse.errors import PayloadError
from fpl_pulse.season import Season, season_of_day

MIN_KNOWN_CLUBS_SHARE = 0.5
"""Share of the clubs of a new season that must be known from the stored one. Three of twenty are relegated each
summer."""

LONGEST_WAIT = timedelta(days=14)
"""Between a deadline and the first kick-off of its gameweek. It is 90 minutes, unless the first matches are moved."""

MAX_KNOWN_FIXTURES_SHARE = 0.1
"""Share of the fixtures of a new season that may have a code of the stored one. FPL gives all fixtures new codes."""


@dataclass(frozen=True)
class Claim:
    """What a pair of responses says: `bootstrap-static` and `fixtures/`."""

    deadlines: Mapping[int, datetime]
    """Gameweek -> deadline."""
    kickoffs: Sequence[datetime]
    fixtures: Mapping[int, int]
    """FPL's number of a fixture in the season -> lasting code."""
    clubs: Mapping[int, int]
    """The same for clubs."""


@dataclass(frozen=True)
class Known:
    """The stored season beside which a claim is judged."""

    season: Season
    fixtures: Mapping[int, int]
    clubs: Mapping[int, int]


def season_of_most(moments: Iterable[datetime]) -> Season | None:
    """The season of more than half of the deadlines or kick-offs; None when there is none."""
    votes = Counter(season_of_day(moment.date()) for moment in moments)
    season, most = max(votes.items(), key=lambda vote: vote[1], default=(None, 0))
    return season if 2 * most > votes.total() else None


def resolve(claim: Claim, known: Known | None, as_of: datetime) -> Season:
    """The season that the pair is about: the stored one, or a new one that may begin.

    Args:
        claim: what the pair says.
        known: the stored season; None when the store is empty.
        as_of: the as-of time of the run.

    Raises:
        PayloadError: the evidence does not agree, or it is about a season that cannot be the present one.
    """
    season = season_of_most(claim.deadlines.values())
    of_kickoffs = season_of_most(claim.kickoffs)
    stored = known.season if known else None
    same_codes = _shared(claim.fixtures, known.fixtures) if known else 0
    are_stored = bool(known) and 2 * same_codes > len(claim.fixtures)
    if season is None or of_kickoffs is None or season != of_kickoffs:
        # Deadlines and kick-offs are named with the first value, so that a reader sees what FPL sent.
        raise PayloadError(_disagreement(claim, season, of_kickoffs, stored, same_codes))
    if known and season == known.season:
        if known.fixtures and not are_stored:
            raise PayloadError(_disagreement(claim, season, of_kickoffs, stored, same_codes))
        return season
    if known and are_stored:
        raise PayloadError(_disagreement(claim, season, of_kickoffs, stored, same_codes))
    _require_new_season(claim, season, known, as_of, same_codes)
    return season


def _require_new_season(claim: Claim, season: Season, known: Known | None, as_of: datetime, same_codes: int) -> None:
    """Refuse a season that cannot be the present one, or that is not a later season of the same league."""
    if not season.covers(as_of.date()):
        raise PayloadError(
            f"FPL's deadlines and kick-offs are those of {season}, which is not the season of {as_of:%-d %B %Y}, the"
            " time for which this run works"
        )
    if known is None:
        return
    if season < known.season:
        raise PayloadError(f"FPL serves {season} again, but {known.season} has begun")
    if same_codes > MAX_KNOWN_FIXTURES_SHARE * len(claim.fixtures):
        raise PayloadError(
            f"{same_codes} of {len(claim.fixtures)} fixtures of {season} have the codes of {known.season}"
        )
    shared = len(set(claim.clubs.values()) & set(known.clubs.values()))
    if shared < MIN_KNOWN_CLUBS_SHARE * len(claim.clubs):
        raise PayloadError(
            f"only {shared} of {len(claim.clubs)} clubs of {season} were in the league in {known.season}"
        )


def _shared(one: Mapping[int, int], other: Mapping[int, int]) -> int:
    """How many entries are equal in both."""
    return sum(other.get(number) == code for number, code in one.items())


def _disagreement(
    claim: Claim, of_deadlines: Season | None, of_kickoffs: Season | None, stored: Season | None, same_codes: int
) -> str:
    sentence = (
        f"bootstrap-static and fixtures/ do not agree on the season: most deadlines are of"
        f" {_named(of_deadlines, claim.deadlines.values())}, most kick-offs of {_named(of_kickoffs, claim.kickoffs)}"
    )
    if stored:
        sentence += f", and {same_codes} of {len(claim.fixtures)} fixtures have the codes of the stored season {stored}"
    return sentence


def _named(season: Season | None, moments: Iterable[datetime]) -> str:
    first = min(moments, default=None)
    return f"{season or 'no single season'} (first {first.date() if first else 'none'})"


def strange_deadlines(
    season: Season, deadlines: Mapping[int, datetime], kickoffs: Mapping[int, Sequence[datetime]]
) -> dict[int, str]:
    """The deadlines that cannot be right, with the reason.

    They are outside the season, not before the kick-offs of their gameweek (`kickoffs`), or not in the order of the
    gameweeks.
    """
    reasons = {
        gameweek: f"the deadline {at.date()} is not in {season}"
        for gameweek, at in deadlines.items()
        if not season.covers(at.date())
    }
    reasons |= {
        gameweek: f"the deadline {at.date()} does not fit the kick-offs from {min(of).date()} to {max(of).date()}"
        for gameweek, at in deadlines.items()
        if gameweek not in reasons and (of := kickoffs.get(gameweek)) and not min(of) - LONGEST_WAIT <= at <= max(of)
    }
    inside = [(gameweek, at) for gameweek, at in sorted(deadlines.items()) if gameweek not in reasons]
    in_order = _longest_increasing([at for _, at in inside])
    reasons |= {
        gameweek: f"the deadline {at.date()} is not between those of the gameweeks beside it"
        for position, (gameweek, at) in enumerate(inside)
        if position not in in_order
    }
    return reasons


def _longest_increasing(values: Sequence[datetime]) -> set[int]:
    """The positions of a longest increasing subsequence."""
    ends: list[datetime] = []
    positions: list[int] = []
    before: list[int | None] = []
    for position, value in enumerate(values):
        length = bisect_left(ends, value)
        before.append(positions[length - 1] if length else None)
        ends[length : length + 1] = [value]
        positions[length : length + 1] = [position]
    found: set[int] = set()
    step = positions[-1] if positions else None
    while step is not None:
        found.add(step)
        step = before[step]
    return found


def missed_gameweek(deadlines: Mapping[int, datetime], current: int | None, before: datetime) -> int | None:
    """The gameweek that should be the current one, when the response still shows an earlier one; else None.

    Args:
        deadlines: gameweek -> deadline.
        current: the gameweek that the response shows as the current one; None before the season.
        before: a time before which FPL has surely noticed that a deadline has passed.
    """
    passed = max((gameweek for gameweek, at in deadlines.items() if at <= before), default=0)
    return passed if (current or 0) < passed else None
