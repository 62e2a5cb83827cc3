"""How a check speaks: coverage as have and want, problems as sentences, one verdict."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fpl_pulse.alerts.dead_mans_switch import find_missing_runs
from fpl_pulse.alerts.outbox import close_alerts_about_runs
from fpl_pulse.errors import CheckFailedError
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.queries import query
from fpl_pulse.store import runs
from fpl_pulse.store.coverage import MOST_NAMED, GameweekCoverage, replace_coverage

log = logging.getLogger(__name__)

LISTED = 10
"""A sentence names this many examples."""

GAMEWEEKS_LISTED = 5
"""Of so many gameweeks that lack the same thing the examples are named; of the rest the numbers of the gameweeks."""


@dataclass
class Findings:
    """What a check found in the database, never in the tally of this attempt."""

    coverage: dict[str, dict[str, int]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    gameweeks: list[GameweekCoverage] = field(default_factory=list)

    def count(self, name: str, have: int, want: int) -> None:
        """Note how much of something is there."""
        self.coverage[name] = {"have": int(have), "want": int(want)}

    def require(self, holds: bool, problem: str) -> None:
        """A problem makes the run red."""
        if not holds:
            self.problems.append(problem)

    def remark(self, text: str) -> None:
        """A remark is logged and does no harm."""
        self.remarks.append(text)

    def share(self, name: str) -> float:
        """Have over want; 1 where nothing is wanted."""
        counted = self.coverage[name]
        return counted["have"] / counted["want"] if counted["want"] else 1.0

    def of_gameweeks(
        self,
        context: StepContext,
        *what: str,
        all_may_wait: bool = False,
    ) -> None:
        """Count things gameweek by gameweek; a gameweek that lacks too much is a problem.

        What is missing of a match younger than the settling time, or cannot be there yet, is no problem.

        Args:
            context: the run's tools.
            what: things of `pulse.expected_data`; `thresholds.LEAST_OF_A_GAMEWEEK` says how much of each there must be.
            all_may_wait: nothing of it has to be there yet.
        """
        season = context.season()
        counted = context.records(
            query("gameweek_coverage"),
            season=season,
            what=list(what),
            settling=thresholds.SETTLING_TIME,
            no_data_final_after=thresholds.ABSENCE_BELIEVED,
            all_may_wait=all_may_wait,
            listed=MOST_NAMED,
        )
        found = [_judged(season, row) for row in counted]
        self.gameweeks += found
        for one in what:
            self.problems += _sentences([row for row in found if row.what == one and not row.is_enough])


def _judged(season: str, counted: Mapping[str, Any]) -> GameweekCoverage:
    """A gameweek's count with the threshold and the verdict."""
    least = thresholds.LEAST_OF_A_GAMEWEEK[counted["what"]]
    missing = counted["want"] - counted["have"]
    # The share is of the whole gameweek: while one match of ten is settled, it alone does not stand for all.
    whole = counted["want"] + counted["not_yet"]
    is_enough = least is None or whole - missing >= round(least * whole, 6)
    if least is not None and least < 1:
        is_enough = is_enough or missing <= thresholds.ALWAYS_MAY_LACK
    return GameweekCoverage(season=season, least=least, is_enough=is_enough, **counted)


def _sentences(short: Sequence[GameweekCoverage]) -> list[str]:
    """What to say of gameweeks that lack the same thing."""
    lines = [
        f"{_gameweek(row)}: only {row.have} of {row.want} {row.what} (at least {row.least:.0%}); missing:"
        f" {listed(row.missing, row.want - row.have)}"
        for row in short[:GAMEWEEKS_LISTED]
    ]
    if rest := [_gameweek(row) for row in short[GAMEWEEKS_LISTED:]]:
        lines.append(f"too few {short[0].what} in {len(rest)} more as well: {', '.join(rest)}")
    return lines


def _gameweek(row: GameweekCoverage) -> str:
    return f"gameweek {row.gameweek}" if row.gameweek else "matches without a gameweek"


def finish_check(context: StepContext, findings: Findings) -> Mapping[str, dict[str, int]]:
    """Write the verdict into the run's row and the log.

    Returns:
        The coverage.

    Raises:
        CheckFailedError: when there are problems.
    """
    find_missing_runs(context.conn, context.run)
    replace_coverage(context.conn, context.run, findings.gameweeks)
    for name, counted in findings.coverage.items():
        log.info("%s: %d of %d", name, counted["have"], counted["want"])
    skipped = runs.calls_skipped(context.conn, context.run)
    partial = (
        f"partial run: {skipped} calls skipped, because the budget allowed no more; the next run makes them"
    )
    if skipped:
        findings.remark(partial)
    for text in findings.remarks:
        log.warning("%s", text)
    if findings.problems:
        for problem in findings.problems:
            log.error("%s", problem)
        message = "; ".join([*findings.problems, *([partial] if skipped else [])])
        runs.finish(context.conn, context.run, "failed", message, findings.coverage)
        raise CheckFailedError(findings.problems)
    summary = ", ".join(f"{name} {c['have']}/{c['want']}" for name, c in findings.coverage.items())
    summary = "; ".join([partial, summary]) if skipped else summary
    runs.finish(context.conn, context.run, "success", summary, findings.coverage)
    close_alerts_about_runs(context.conn, context.run)
    return findings.coverage


def listed(names: list[str], count: int | None = None) -> str:
    """The first few names of a list, and how many more there are: of `count`, where the list itself is not whole."""
    count = len(names) if count is None else count
    shown = ", ".join(names[:LISTED])
    return f"{shown} and {count - LISTED} more" if count > LISTED else shown
