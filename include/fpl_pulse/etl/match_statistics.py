"""A player's match statistics as columns. What a missing key means is decided here and nowhere else."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

from pydantic import ValidationError

from fpl_pulse.api.payloads_sofasport import MatchStatistics

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

COLUMNS = ("minutes", "rating", *COUNT_COLUMNS.values(), *EXPECTED_KEYS)


def as_numbers(statistics: Mapping[str, Any]) -> dict[str, Any]:
    """The statistics with numeric strings as numbers and without nulls, which mean the same as missing keys."""
    return {key: _as_number(value) for key, value in statistics.items() if value is not None}


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


def statistics_columns(
    statistics: Mapping[str, Any] | None, is_computed: Mapping[str, bool]
) -> tuple[dict[str, object], str | None]:
    """The columns of one player in one match.

    Args:
        statistics: `statistics` of the player's entry in events/lineups. None while the match has none: all columns
            are None. Without minutes for an unused substitute: minutes are 0 and all other columns None.
        is_computed: for each JSON key in `EXPECTED_KEYS`, whether any player of the match has the figure.

    Returns:
        A value for each of `COLUMNS`, and None; or only None values, and why the statistics were rejected. The reason
        goes into `rejected_records`.
    """
    unknown: dict[str, object] = dict.fromkeys(COLUMNS)
    if statistics is None:
        return unknown, None
    try:
        model = MatchStatistics.model_validate(statistics)
    except ValidationError as error:
        first = error.errors()[0]
        return unknown, f"statistics.{'.'.join(map(str, first['loc']))}: {first['msg']}"
    if not model.minutes_played:
        return unknown | {"minutes": 0}, None
    columns: dict[str, object] = {"minutes": model.minutes_played, "rating": model.rating}
    columns |= {column: getattr(model, name) for name, column in COUNT_COLUMNS.items()}
    for column, key in EXPECTED_KEYS.items():
        value = getattr(model, column)
        columns[column] = 0.0 if value is None and is_computed[key] else value
    return columns, None
