"""Figures that a newer response lacks are kept and reported, because SofaSport sometimes loses figures.

SofaSport omits zeros, so a missing count can also be a correction: the goal was credited to another player. If all that
is missing are counts of 1 (and figures that depend on them), they are taken as zero. Anything else has vanished.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

REQUIRED_COUNT = {
    "expectedGoals": "totalShots",
    "expectedGoalsOnTarget": "onTargetScoringAttempt",
    "shotValueNormalized": "totalShots",
}
"""Figure -> the count without which it is zero. A player who loses his only shot loses its expected goals too."""

VANISHED = "vanished"
"""In the sentence about keys that a response lacks and whose stored values were kept."""

NEVER_ZERO = ("minutesPlayed", "appearances", "rating")
"""Keys that are never zero for a player who has other figures."""


@dataclass(frozen=True)
class Completed:
    """A player's figures from a newer response, completed by stored ones."""

    figures: dict[str, Any]
    vanished: list[str]
    """Keys that the response lacks and whose stored values were kept."""
    zeroed: list[str]
    """Keys that the response lacks because they are zero now."""

    @property
    def reason(self) -> str:
        """The sentence about the vanished keys. It goes into `rejected_records`: changing it changes stored data."""
        return (
            f"{', '.join(self.vanished)} {VANISHED}; the stored values are kept. To accept this response, trigger a run"
            " for this match or player with refresh"
        )


def complete(figures: Mapping[str, Any], stored: Mapping[str, Any], *, omits_zeros: bool = True) -> Completed:
    """Complete the figures of a newer response by stored ones that have vanished from it.

    Args:
        figures: key -> value in the newer response. A null means the same as a missing key.
        stored: key -> value in the database.
        omits_zeros: whether a missing count can mean zero. If so, a stored zero cannot vanish.
    """
    fresh = {key: value for key, value in figures.items() if value is not None}
    gone = {key: value for key, value in stored.items() if value is not None and key not in fresh}
    if omits_zeros:
        gone = {key: value for key, value in gone.items() if value != 0}
        if all(_is_corrected_away(key, value, fresh) for key, value in gone.items()):
            return Completed(fresh, [], sorted(gone))
    return Completed(fresh | gone, sorted(gone), [])


def _is_corrected_away(key: str, value: object, fresh: Mapping[str, Any]) -> bool:
    if key in REQUIRED_COUNT:
        return not fresh.get(REQUIRED_COUNT[key])
    return key not in NEVER_ZERO and isinstance(value, int) and value == 1
