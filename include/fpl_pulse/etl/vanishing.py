"""What a newer answer no longer says of a player: kept and reported, since a source loses figures.

SofaSport omits zeros, so that a missing count can also be a correction: the goal was another's. A single action that
is gone while all else is still there is read as that; everything else has vanished.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

NEEDS = {
    "expectedGoals": "totalShots",
    "expectedGoalsOnTarget": "onTargetScoringAttempt",
    "shotValueNormalized": "totalShots",
}
"""Figure -> the count without which it is zero: where the only shot was corrected away, its expected goals go along."""

NEVER_ZERO = ("minutesPlayed", "appearances", "rating")
"""What an answer with other figures cannot mean as zero."""


@dataclass(frozen=True)
class Completed:
    """A player's figures as an answer and what is stored say together."""

    figures: dict[str, Any]
    vanished: list[str]
    """Keys that the answer lacks and that were kept."""
    zeroed: list[str]
    """Keys that the answer lacks and that it thereby says are zero."""

    @property
    def reason(self) -> str:
        """Why what vanished was kept, for `rejected_records`."""
        return (
            f"{', '.join(self.vanished)} vanished; what is stored is kept"
            " (run it by name with refresh to take this answer)"
        )


def complete(figures: Mapping[str, Any], stored: Mapping[str, Any], *, omits_zeros: bool = True) -> Completed:
    """An answer's figures with those that it lacks and that are stored.

    Args:
        figures: key -> value as the newer answer has them; a null says the same as a missing key.
        stored: the same as stored.
        omits_zeros: whether a missing count can mean zero; then a stored zero cannot vanish.
    """
    fresh = {key: value for key, value in figures.items() if value is not None}
    gone = {key: value for key, value in stored.items() if value is not None and key not in fresh}
    if omits_zeros:
        gone = {key: value for key, value in gone.items() if value != 0}
        if all(_is_corrected_away(key, value, fresh) for key, value in gone.items()):
            return Completed(fresh, [], sorted(gone))
    return Completed(fresh | gone, sorted(gone), [])


def _is_corrected_away(key: str, value: object, fresh: Mapping[str, Any]) -> bool:
    if key in NEEDS:
        return not fresh.get(NEEDS[key])
    return key not in NEVER_ZERO and isinstance(value, int) and value == 1
