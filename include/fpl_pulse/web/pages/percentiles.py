"""How a player's figures per 90 minutes compare with those of the other players of the position."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

MOST_LEAST_MINUTES: Final = 450
"""Five matches."""

Figures = Mapping[str, float | None]
"""Figures by the names of the columns of `queries/per_90.sql`."""


@dataclass(frozen=True)
class Measure:
    """A figure per 90 minutes, or a share."""

    name: str
    """The column of `queries/per_90.sql`."""
    label: str
    is_share: bool = False
    """Whether it is a share in percent."""
    fewer_is_better: bool = False


POINTS: Final = Measure("points", "Points")
GOALS: Final = Measure("goals", "Goals")
ASSISTS: Final = Measure("assists", "Assists")
DEFENSIVE: Final = Measure("defensive_contribution", "Defensive contributions")
CLEAN_SHEETS: Final = Measure("clean_sheets", "Clean sheets")
CONCEDED: Final = Measure("goals_conceded", "Goals conceded", fewer_is_better=True)
SAVES: Final = Measure("saves", "Saves")
SAVE_SHARE: Final = Measure("save_share", "Shots on target saved", is_share=True)
PREVENTED: Final = Measure("goals_prevented", "Goals prevented")
XG: Final = Measure("expected_goals", "Expected goals (xG)")
XA: Final = Measure("expected_assists", "Expected assists (xA)")
SHOTS: Final = Measure("shots", "Shots")
ON_TARGET: Final = Measure("shots_on_target", "Shots on target")
KEY_PASSES: Final = Measure("key_passes", "Key passes")
PASSES: Final = Measure("accurate_passes", "Accurate passes")
PASS_SHARE: Final = Measure("pass_share", "Pass accuracy", is_share=True)
TOUCHES: Final = Measure("touches", "Touches")
DUELS: Final = Measure("duels_won", "Duels won")
DUEL_SHARE: Final = Measure("duel_share", "Share of duels won", is_share=True)
TACKLES: Final = Measure("tackles", "Tackles")
INTERCEPTIONS: Final = Measure("interceptions", "Interceptions")
CLEARANCES: Final = Measure("clearances", "Clearances")
RECOVERIES: Final = Measure("recoveries", "Recoveries")

ALL: Final = (
    POINTS, GOALS, XG, ASSISTS, XA, SHOTS, ON_TARGET, KEY_PASSES, PASSES, PASS_SHARE, TOUCHES, DUELS, DUEL_SHARE,
    DEFENSIVE, TACKLES, INTERCEPTIONS, CLEARANCES, RECOVERIES, CLEAN_SHEETS, CONCEDED, SAVES, SAVE_SHARE, PREVENTED,
)  # fmt: skip
_OF_POSITION: Final = {
    "Goalkeeper": (
        POINTS, SAVES, SAVE_SHARE, PREVENTED, CONCEDED, CLEAN_SHEETS, PASSES, PASS_SHARE, CLEARANCES, RECOVERIES,
    ),
    "Defender": (
        POINTS, DEFENSIVE, TACKLES, INTERCEPTIONS, CLEARANCES, RECOVERIES, DUEL_SHARE, PASSES, XG, XA,
    ),
    "Midfielder": (POINTS, GOALS, XG, ASSISTS, XA, SHOTS, KEY_PASSES, PASSES, DEFENSIVE, RECOVERIES, DUEL_SHARE),
    "Forward": (POINTS, GOALS, XG, SHOTS, ON_TARGET, ASSISTS, XA, KEY_PASSES, TOUCHES, DUEL_SHARE),
}  # fmt: skip
GOALKEEPERS_ONLY: Final = frozenset((SAVES, SAVE_SHARE, PREVENTED))
"""Measures that say nothing about an outfield player."""


@dataclass(frozen=True)
class Standing:
    """A player's figure among the others. `percentile` and `middle` are None where there is nothing to compare."""

    measure: Measure
    value: float | None
    middle: float | None
    """The median of the players of the comparison."""
    percentile: int | None
    """The share of the other players that are worse, 0-100. Those with an equal figure count half."""


def measures_of(position: str) -> tuple[Measure, ...]:
    """The measures that suit a position."""
    return _OF_POSITION.get(position, ())


def measures_for(positions: Sequence[str]) -> tuple[Measure, ...]:
    """The measures for players of several positions side by side."""
    if set(positions) == {"Goalkeeper"}:
        return measures_of("Goalkeeper")
    with_goalkeeper = "Goalkeeper" in positions
    return tuple(one for one in ALL if with_goalkeeper or one not in GOALKEEPERS_ONLY)


def least_minutes(possible: int) -> int:
    """The minutes that a player of the comparison has at least: 450, early in a season a quarter of those possible."""
    return min(MOST_LEAST_MINUTES, possible // 4)


def standings(
    measures: Sequence[Measure], own: Figures, others: Sequence[Figures], *, is_ranked: bool = True
) -> list[Standing]:
    """A player's figures among those of the others, who do not include the player.

    A player with too few minutes is not ranked: the figures have no percentile, and do not count for the median.
    """
    return [_standing(one, _value(own, one), _known(others, one), is_ranked=is_ranked) for one in measures]


def _standing(measure: Measure, own: float | None, others: list[float], *, is_ranked: bool) -> Standing:
    if own is None or not others or not is_ranked:
        return Standing(measure, own, median(others) if others else None, None)
    lower, upper = bisect_left(others, own), bisect_right(others, own)
    worse = len(others) - upper if measure.fewer_is_better else lower
    share = (worse + (upper - lower) / 2) / len(others)
    return Standing(measure, own, median([*others, own]), round(100 * share))


def _known(figures: Sequence[Figures], measure: Measure) -> list[float]:
    return sorted(value for one in figures if (value := _value(one, measure)) is not None)


def _value(figures: Figures, measure: Measure) -> float | None:
    """The figure rounded as the page writes it, so that players whose figures look equal are equal."""
    value = figures.get(measure.name)
    return None if value is None else round(float(value), 1 if measure.is_share else 2)
