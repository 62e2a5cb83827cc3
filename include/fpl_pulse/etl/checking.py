"""What a check finds: coverage as numbers, problems and remarks as sentences, and the verdict on the run."""

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
from fpl_pulse.store.coverage import MAX_NAMED, GameweekCoverage, replace_coverage
from fpl_pulse.wording import quantity

log = logging.getLogger(__name__)

LISTED = 10
"""How many examples a sentence names."""

GAMEWEEKS_LISTED = 5
"""For how many gameweeks a message names what is missing; further gameweeks are only listed by number."""


@dataclass
class Findings:
    """What a check found. Its numbers come from the database, never from what this attempt counted."""

    coverage: dict[str, dict[str, int]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    gameweeks: list[GameweekCoverage] = field(default_factory=list)
    headlines: list[str] = field(default_factory=list)
    """Sentences that begin the note of a green run, because the numbers alone would mislead."""

    def count(self, name: str, have: int, want: int) -> None:
        """Record how much of something is stored, of how much there should be."""
        self.coverage[name] = {"have": int(have), "want": int(want)}

    def require(self, holds: bool, problem: str) -> None:
        """Record a problem when the condition does not hold. A problem fails the run."""
        if not holds:
            self.problems.append(problem)

    def remark(self, text: str) -> None:
        """Record a remark: it is logged and does not fail the run."""
        self.remarks.append(text)

    def share(self, name: str) -> float:
        """The share of what is stored, 0-1; 1 when nothing is expected."""
        counted = self.coverage[name]
        return counted["have"] / counted["want"] if counted["want"] else 1.0

    def of_gameweeks(self, context: StepContext, *what: str, all_may_wait: bool = False) -> None:
        """Count expected data for each gameweek; a gameweek with less than `MIN_GAMEWEEK_SHARES` is a problem.

        Missing data is no problem while its match is younger than the settling time, when this run skipped its call, or
        when it cannot be there yet (all of it, if `all_may_wait`). `what` are kinds of `pulse.expected_data`.
        """
        season = context.season()
        counted = context.records(
            query("gameweek_coverage"),
            season=season,
            what=list(what),
            settling=thresholds.SETTLING_TIME,
            no_data_final_after=thresholds.NO_DATA_FINAL_AFTER,
            all_may_wait=all_may_wait,
            listed=MAX_NAMED,
        )
        found = [_judged(season, row) for row in counted]
        self.gameweeks += found
        for one in what:
            self.problems += _sentences([row for row in found if row.what == one and not row.is_enough])


def _judged(season: str, counted: Mapping[str, Any]) -> GameweekCoverage:
    """The count of a gameweek with its threshold and the verdict."""
    least = thresholds.MIN_GAMEWEEK_SHARES[counted["what"]]
    missing = counted["want"] - counted["have"]
    # The share refers to the whole gameweek: one settled match of ten must not decide for all of them.
    whole = counted["want"] + counted["not_yet"]
    is_enough = least is None or whole - missing >= round(least * whole, 6)
    if least is not None and least < 1:
        is_enough = is_enough or missing <= thresholds.ALWAYS_TOLERATED_MISSING
    return GameweekCoverage(season=season, least=least, is_enough=is_enough, **counted)


def _sentences(short: Sequence[GameweekCoverage]) -> list[str]:
    """The sentences about gameweeks with too little of the same data."""
    lines = [
        f"{_gameweek(row)}: only {row.have} of {row.want} {row.what} (at least {row.least:.0%}); missing:"
        f" {listed(row.missing, row.want - row.have)}"
        for row in short[:GAMEWEEKS_LISTED]
    ]
    if rest := [_gameweek(row) for row in short[GAMEWEEKS_LISTED:]]:
        lines.append(f"also too few {short[0].what} in {len(rest)} more gameweeks: {', '.join(rest)}")
    return lines


def _gameweek(row: GameweekCoverage) -> str:
    return f"gameweek {row.gameweek}" if row.gameweek else "matches without a gameweek"


def finish_check(context: StepContext, findings: Findings) -> Mapping[str, dict[str, int]]:
    """Write the verdict into the row of the run and into the log; return the coverage: name -> {"have", "want"}.

    Raises:
        CheckFailedError: there are problems.
    """
    find_missing_runs(context.conn, context.run)
    replace_coverage(context.conn, context.run, findings.gameweeks)
    for name, counted in findings.coverage.items():
        log.info("%s: %d of %d", name, counted["have"], counted["want"])
    partial = _partial(runs.calls_skipped(context.conn, context.run))
    findings.headlines += partial
    findings.remarks += findings.headlines
    for text in findings.remarks:
        log.warning("%s", text)
    if findings.problems:
        for problem in findings.problems:
            log.error("%s", problem)
        problems = [*findings.problems, *partial]
        runs.finish(context.conn, context.run, "failed", "; ".join(problems), findings.coverage)
        raise CheckFailedError(problems)
    summary = "; ".join([*findings.headlines, _in_numbers(findings.coverage)])
    runs.finish(context.conn, context.run, "success", summary, findings.coverage)
    close_alerts_about_runs(context.conn, context.run)
    return findings.coverage


def finish_after_check(context: StepContext) -> None:
    """Make a run green again that a step after its check had turned red. What the check found has not changed."""
    coverage = runs.figures(context.conn, context.run).coverage
    partial = _partial(runs.calls_skipped(context.conn, context.run))
    runs.finish(context.conn, context.run, "success", "; ".join([*partial, _in_numbers(coverage)]))
    close_alerts_about_runs(context.conn, context.run)


def _partial(skipped: int) -> list[str]:
    """The sentence about a partial run; nothing about one that skipped no call."""
    if not skipped:
        return []
    they = "it" if skipped == 1 else "them"
    calls = quantity(skipped, "call")
    return [f"partial run: {calls} skipped, because the budget allowed no more; the next run makes {they}"]


def _in_numbers(coverage: Mapping[str, Mapping[str, int]]) -> str:
    return ", ".join(f"{name} {counted['have']}/{counted['want']}" for name, counted in coverage.items())


def listed(names: list[str], count: int | None = None) -> str:
    """The first names of a list and how many more there are; `count` is the full number when the list is cut."""
    count = len(names) if count is None else count
    shown = names[:LISTED]
    return f"{', '.join(shown)} and {count - len(shown)} more" if count > len(shown) else ", ".join(shown)
