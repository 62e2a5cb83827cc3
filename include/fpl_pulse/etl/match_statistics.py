"""A player's match statistics as columns. What a missing key means is decided here and nowhere else."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from pydantic.alias_generators import to_camel

from fpl_pulse.api.fields import FIGURE
from fpl_pulse.api.payloads_sofasport import MatchStatistics
from fpl_pulse.api.records import Rejected, accept_one
from fpl_pulse.etl.missing_keys import Usual

COUNT_COLUMNS = {
    "goals": "goals",
    "own_goals": "own_goals",
    "goal_assist": "assists",
    "total_shots": "shots",
    "on_target_scoring_attempt": "shots_on_target",
    "key_pass": "key_passes",
    "total_pass": "passes",
    "accurate_pass": "accurate_passes",
    "touches": "touches",
    "duel_won": "duels_won",
    "duel_lost": "duels_lost",
    "total_tackle": "tackles",
    "interception_won": "interceptions",
    "total_clearance": "clearances",
    "ball_recovery": "recoveries",
    "fouls": "fouls",
    "was_fouled": "was_fouled",
    "saves": "saves",
}
"""Attribute of `MatchStatistics` -> column. SofaSport omits zeros: a missing count of a player with minutes is 0."""

EXPECTED_KEYS = {
    "expected_goals": "expectedGoals",
    "expected_assists": "expectedAssists",
    "expected_goals_on_target": "expectedGoalsOnTarget",
}
"""Column -> JSON key. A missing figure is 0 only if another player of the match has it; else nobody computed it."""

COUNT_KEYS = frozenset(map(to_camel, COUNT_COLUMNS))

KEY_OF = {
    "minutes": "minutesPlayed", "rating": "rating", **EXPECTED_KEYS,
    **{column: to_camel(name) for name, column in COUNT_COLUMNS.items()},
}  # fmt: skip
"""Column -> JSON key."""

USUAL = {
    "minutesPlayed": Usual(0.97, 64), "rating": Usual(0.93, 6.9), "touches": Usual(0.95, 40),
    "totalPass": Usual(0.93, 29), "accuratePass": Usual(0.88, 24), "duelWon": Usual(0.75, 3.8),
    "duelLost": Usual(0.75, 3.8), "ballRecovery": Usual(0.75, 3.7), "totalClearance": Usual(0.45, 2.6),
    "totalTackle": Usual(0.45, 2), "fouls": Usual(0.42, 1.6), "wasFouled": Usual(0.4, 1.7),
    "totalShots": Usual(0.38, 1.7), "keyPass": Usual(0.3, 1.5), "interceptionWon": Usual(0.3, 1.5),
    "expectedGoals": Usual(0.38, 0.2), "expectedAssists": Usual(0.55, 0.1), "expectedGoalsOnTarget": Usual(0.17, 0.4),
    "onTargetScoringAttempt": Usual(0.17, 1.3), "goals": Usual(0.06, 1.1), "goalAssist": Usual(0.045, 1),
    "saves": Usual(0.05, 3.3), "ownGoals": Usual(0.002, 1),
}  # fmt: skip
"""Key with a column -> the share of the players with minutes who have it, at least, and its mean (Premier League,
2023 to 2025)."""

FAMILIAR = frozenset({
    "accurateCross", "accurateKeeperSweeper", "accurateLongBalls", "accurateOppositionHalfPasses",
    "accurateOwnHalfPasses", "aerialLost", "aerialWon", "ballCarriesCount", "bestBallCarryProgression",
    "bigChanceCreated", "bigChanceMissed", "blockedScoringAttempt", "challengeLost", "clearanceOffLine",
    "defensiveValueNormalized", "dispossessed", "dribbleValueNormalized", "errorLeadToAGoal", "errorLeadToAShot",
    "goalkeeperValueNormalized", "goalsPrevented", "goodHighClaim", "hitWoodwork", "keeperSaveValue",
    "kilometersCovered", "lastManTackle", "numberOfSprints", "outfielderBlock", "passValueNormalized",
    "penaltyConceded", "penaltyMiss", "penaltySave", "penaltyWon", "possessionLostCtrl",
    "progressiveBallCarriesCount", "punches", "ratingVersions", "savedShotsFromInsideTheBox", "shotOffTarget",
    "shotValueNormalized", "statisticsType", "topSpeed", "totalBallCarriesDistance", "totalContest", "totalCross",
    "totalKeeperSweeper", "totalLongBalls", "totalOffside", "totalOppositionHalfPasses", "totalOwnHalfPasses",
    "totalProgression", "totalProgressiveBallCarriesDistance", "unsuccessfulTouch", "wonContest", "wonTackle",
})  # fmt: skip
"""Other keys that have been seen: a new name of a key is none of them."""

PARTS_OF = {
    "totalPass": ("accuratePass", "totalOwnHalfPasses", "totalOppositionHalfPasses"),
    "accuratePass": ("accurateOwnHalfPasses", "accurateOppositionHalfPasses"),
    "touches": ("totalPass", "accuratePass"),
    "totalShots": ("onTargetScoringAttempt", "shotOffTarget", "blockedScoringAttempt", "goals"),
    "onTargetScoringAttempt": ("goals",),
    "keyPass": ("goalAssist",),
    "duelWon": ("aerialWon",),
    "duelLost": ("aerialLost",),
    "totalTackle": ("wonTackle",),
    "saves": ("savedShotsFromInsideTheBox",),
}
"""Key -> keys of its parts: with a part the whole is not zero. In 2025-26 no player of 11,500 was an exception."""

FEWEST_FIGURES = 3
"""Figures from which a player has played, even if his minutes are missing. An unused substitute sometimes has one."""

COLUMNS = ("minutes", "rating", *COUNT_COLUMNS.values(), *EXPECTED_KEYS)


def as_numbers(statistics: Mapping[str, Any]) -> dict[str, Any]:
    """The statistics with numeric strings as numbers and without nulls, which mean the same as missing keys."""
    return {
        key: value if type(value) in (int, float) else _as_number(value)
        for key, value in statistics.items()
        if value is not None
    }


def _as_number(value: object) -> object:
    if isinstance(value, dict):
        return as_numbers(value)
    if not isinstance(value, str):
        return value
    try:
        number = float(value)
    except ValueError:
        return value
    if not isfinite(number):
        return value
    return int(number) if number.is_integer() else number


@dataclass(frozen=True)
class Figures:
    """A player's statistics without values that are invalid."""

    valid: dict[str, Any]
    """Key -> value, also of keys without a column."""
    invalid: list[Rejected]
    model: MatchStatistics
    """The valid values of keys with a column."""


def has_played(figures: Mapping[str, Any]) -> bool:
    """Whether a player with these statistics has played, even if the minutes are missing."""
    if "minutesPlayed" in figures:
        return bool(figures["minutesPlayed"])
    return len(figures) >= FEWEST_FIGURES


def read_figures(statistics: Mapping[str, Any], path: str, stored: Mapping[str, Any]) -> Figures:
    """Take the invalid values out of a player's statistics.

    Args:
        statistics: as in the response.
        path: where these stand in the response.
        stored: the stored statistics of the player in this match; empty when there are none.
    """
    numbers = as_numbers(statistics)
    # SofaSport omits zeros, and a null means the same; but not in place of a stored figure.
    nulls = [key for key, value in statistics.items() if value is None and key in COUNT_KEYS and stored.get(key)]
    model, invalid = accept_one(MatchStatistics, numbers, path)
    if model is None:
        raise ValueError(f"{path}: every field of the statistics can be unknown")
    if invalid:
        without = {one.path.rsplit(".", 1)[-1] for one in invalid}
        numbers = {key: value for key, value in numbers.items() if key not in without}
    invalid += [
        Rejected(f"{path}.{key}", f"null is no valid {key}; {FIGURE.consequence}", None, is_part=True) for key in nulls
    ]
    return Figures(numbers, invalid, model)


def statistics_columns(
    statistics: MatchStatistics | None, is_computed: Mapping[str, bool], unknown: Collection[str] = ()
) -> dict[str, object]:
    """The columns of one player in one match.

    Args:
        statistics: the valid `statistics` of the player's entry in events/lineups. None while the match has none: all
            columns are None. Without minutes for an unused substitute: minutes are 0 and all other columns None.
        is_computed: for each JSON key in `EXPECTED_KEYS`, whether any player of the match has the figure.
        unknown: JSON keys whose figures are unknown, for example because the response lacks them for everybody.

    Returns:
        A value for each of `COLUMNS`.
    """
    if statistics is None:
        return dict.fromkeys(COLUMNS)
    if not statistics.minutes_played and "minutesPlayed" not in unknown:
        return dict.fromkeys(COLUMNS) | {"minutes": 0}
    columns: dict[str, object] = {"minutes": statistics.minutes_played, "rating": statistics.rating}
    columns |= {column: getattr(statistics, name) for name, column in COUNT_COLUMNS.items()}
    for column, key in EXPECTED_KEYS.items():
        value = getattr(statistics, column)
        columns[column] = 0.0 if value is None and is_computed[key] else value
    if unknown:
        columns = {column: None if KEY_OF[column] in unknown else value for column, value in columns.items()}
    return columns


def is_sound(row: Mapping[str, Any]) -> bool:
    """Whether every count is known in a stored row of a player with minutes, and so are the minutes."""
    if row["minutes"] is None:
        return False
    return not row["minutes"] or all(row[column] is not None for column in COUNT_COLUMNS.values())
