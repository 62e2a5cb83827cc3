"""A player's match statistics as columns: what an absent key means is decided here and nowhere else."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

from pydantic import ValidationError

from fpl_pulse.api.payloads_sofasport import MatchStatistics

COUNTS = {
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
"""Statistics -> column. SofaSport omits zeros, so an absent count is 0 for a player with minutes."""

EXPECTED = {
    "expected_goals": "expectedGoals",
    "expected_assists": "expectedAssists",
    "expected_goals_on_target": "expectedGoalsOnTarget",
}
"""Column -> key. An absent figure is 0 only in a match where somebody has it; else nobody computed it."""

COLUMNS = ("minutes", "rating", *COUNTS.values(), *EXPECTED)


def as_numbers(statistics: Mapping[str, Any]) -> dict[str, Any]:
    """The statistics without nulls, which say no more than missing keys, and with numbers that came as text as such."""
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
    statistics: Mapping[str, Any] | None, somebody_has: Mapping[str, bool]
) -> tuple[dict[str, object], str | None]:
    """The columns of one player in one match.

    Args:
        statistics: None when the match has no statistics yet (minutes unknown); without minutes for an unused
            substitute (0 minutes, no counts).
        somebody_has: for the keys in `EXPECTED`, whether anybody in the match has the figure.

    Returns:
        A value for each of `COLUMNS`, and why the statistics were not believed, if they were not.
    """
    nothing: dict[str, object] = dict.fromkeys(COLUMNS)
    if statistics is None:
        return nothing, None
    try:
        model = MatchStatistics.model_validate(statistics)
    except ValidationError as error:
        line = error.errors()[0]
        return nothing, f"statistics.{'.'.join(map(str, line['loc']))}: {line['msg']}"
    if not model.minutes_played:
        return nothing | {"minutes": 0}, None
    columns: dict[str, object] = {"minutes": model.minutes_played, "rating": model.rating}
    columns |= {column: getattr(model, name) for name, column in COUNTS.items()}
    for column, key in EXPECTED.items():
        value = getattr(model, column)
        columns[column] = 0.0 if value is None and somebody_has[key] else value
    return columns, None
