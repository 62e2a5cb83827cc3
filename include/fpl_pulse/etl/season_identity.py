"""Whether season statistics are those of the requested player: his matches that are stored say it."""

from collections.abc import Mapping
from typing import Any

from fpl_pulse.etl import thresholds
from fpl_pulse.wording import quantity

SUM_OF = {
    "touches": "touches", "totalPasses": "passes", "accuratePasses": "accurate_passes", "ballRecovery": "recoveries",
    "totalDuelsWon": "duels_won", "duelLost": "duels_lost", "tackles": "tackles", "clearances": "clearances",
    "fouls": "fouls", "wasFouled": "was_fouled", "totalShots": "shots", "saves": "saves",
}  # fmt: skip
"""Key of a season -> column of a match whose sum it is."""

MIN_COMPARED, FAR_SHARE, FAR_LEAST = 3, 0.25, 3
"""Figures to compare at least, and the share and the number by which a figure must be apart from the sum to be far from
it. Counts are corrected for days, by less."""

FALLING_KEYS = 3
"""So many counts of a player's season never fall far at the same time: what is stored is another player's."""


def foreign_reason(figures: Mapping[str, Any], team: object, played: Mapping[str, Any] | None) -> str | None:
    """Why statistics are another player's; None where nothing speaks against them.

    Args:
        figures: key -> number.
        team: the club that the response names.
        played: a row of `figures_of_matches`; None for a player without a stored match.
    """
    if played is None or played["has_open_match"]:
        # The season may be ahead of the stored matches.
        return None
    minutes, goals = int(figures["minutesPlayed"]), int(figures.get("goals", 0))
    if minutes in played["minutes_so_far"] and minutes < played["least_minutes"]:
        # An older state: the next run requests it again.
        return None
    club = team.get("id") if isinstance(team, dict) else None
    is_strange = club in played["league"] and club not in played["clubs"]
    fits = (
        played["least_minutes"] <= minutes <= played["most_minutes"]
        and played["least_goals"] <= goals <= played["most_goals"]
    )
    if not fits and is_strange:
        return (
            f"{quantity(minutes, 'minute')} and {quantity(goals, 'goal')} for another club are not the"
            f" {quantity(played['minutes'], 'minute')} and {quantity(played['goals'], 'goal')} of his matches: these"
            " are another player's statistics"
        )
    if not fits:
        # Either source may be wrong: the check compares them, and the next run requests the statistics again.
        return None
    far = [key for key, column in SUM_OF.items() if key in figures and _is_far(figures[key], played[column])]
    compared = [key for key, column in SUM_OF.items() if key in far or (played[column] or 0) > FAR_LEAST]
    if len(compared) >= MIN_COMPARED and len(far) > thresholds.MAX_FOREIGN_FIGURES_SHARE * len(compared):
        return f"{', '.join(far)} are far from the sums of his matches: these are another player's statistics"
    return None


def _is_far(one: object, other: object) -> bool:
    if not isinstance(one, int | float) or not isinstance(other, int | float):
        return False
    return bool(abs(one - other) > max(FAR_LEAST, FAR_SHARE * max(one, other)))


def falls(figures: Mapping[str, Any], stored: Mapping[str, Any]) -> bool:
    """Whether counts of a season are far smaller than the stored ones, which are then another player's."""
    counts = [key for key in ("minutesPlayed", *SUM_OF) if key in figures and key in stored]
    fallen = [key for key in counts if _is_far(figures[key], stored[key]) and figures[key] < stored[key]]
    return len(fallen) >= FALLING_KEYS
