"""FPL's gameweeks beside their fixtures and the stored ones: which can be right, and whether a response is old."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from fpl_pulse.api import fpl
from fpl_pulse.api.payloads_fpl import Fixture, Gameweek
from fpl_pulse.api.records import Rejected
from fpl_pulse.errors import PayloadError
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.reference_checks import require_few
from fpl_pulse.etl.season_resolver import missed_gameweek, strange_deadlines
from fpl_pulse.season import Season

GameweekPairs = list[tuple[Any, Gameweek]]


def without_strange(
    gameweeks: GameweekPairs, fixtures: Sequence[tuple[Any, Fixture]], season: Season, finished: frozenset[int]
) -> tuple[GameweekPairs, list[Rejected]]:
    """The gameweeks without those that cannot be right: the stored row of such a gameweek stays.

    Its deadline is strange, or it was `finished`, and is not any more although its fixtures are.
    """
    kickoffs: dict[int, list[datetime]] = {}
    for _, fixture in fixtures:
        if fixture.event is not None and fixture.kickoff_time:
            kickoffs.setdefault(fixture.event, []).append(fixture.kickoff_time)
    reasons = strange_deadlines(season, {model.id: model.deadline_time for _, model in gameweeks}, kickoffs)
    unfinished = {fixture.event for _, fixture in fixtures if not fixture.finished}
    reasons |= {
        model.id: "was finished and is not any more, although all its fixtures are"
        for _, model in gameweeks
        if model.id not in reasons and not model.finished and model.id in finished - unfinished
    }
    rejected = [
        Rejected(f"events.{model.id}", reasons[model.id], record) for record, model in gameweeks if model.id in reasons
    ]
    require_few(rejected, len(gameweeks), "gameweeks")
    return [pair for pair in gameweeks if pair[1].id not in reasons], rejected


def require_recent(current: int | None, deadlines: Mapping[int, datetime], as_of: datetime) -> None:
    """Refuse a response whose current gameweek is one that is over: it is an old one."""
    missed = missed_gameweek(deadlines, current, as_of - thresholds.SURELY_NOTICED)
    if missed is not None:
        raise PayloadError(
            f"{fpl.BOOTSTRAP} shows {f'gameweek {current}' if current else 'no gameweek'} as the current one, but the"
            f" deadline of gameweek {missed} was at {deadlines[missed]:%Y-%m-%d %H:%M}: the response is an old one"
        )
