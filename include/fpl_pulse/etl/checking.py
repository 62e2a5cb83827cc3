"""How a check speaks: coverage as have and want, problems as sentences, one verdict."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from fpl_pulse.errors import CheckFailedError
from fpl_pulse.etl.week_watch import find_missing_runs
from fpl_pulse.etl.work import Work
from fpl_pulse.store import runs
from fpl_pulse.store.alerts import close_alerts_about_runs

log = logging.getLogger(__name__)

LISTED = 10
"""A sentence names this many examples."""


@dataclass
class Findings:
    """What a check found in the database, never in the tally of this attempt."""

    coverage: dict[str, dict[str, int]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

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


def conclude(work: Work, findings: Findings) -> Mapping[str, dict[str, int]]:
    """Write the verdict into the run's row and the log.

    Returns:
        The coverage.

    Raises:
        CheckFailedError: when there are problems.
    """
    find_missing_runs(work)
    for name, counted in findings.coverage.items():
        log.info("%s: %d of %d", name, counted["have"], counted["want"])
    short_by = runs.short_by(work.conn, work.run)
    short = f"short by {short_by} calls: the budget allowed no more; the next run fetches the rest"
    if short_by:
        findings.remark(short)
    for text in findings.remarks:
        log.warning("%s", text)
    if findings.problems:
        for problem in findings.problems:
            log.error("%s", problem)
        message = "; ".join([*findings.problems, *([short] if short_by else [])])
        runs.finish(work.conn, work.run, "failed", message, findings.coverage)
        raise CheckFailedError(findings.problems)
    summary = ", ".join(f"{name} {c['have']}/{c['want']}" for name, c in findings.coverage.items())
    summary = "; ".join([short, summary]) if short_by else summary
    runs.finish(work.conn, work.run, "success", summary, findings.coverage)
    close_alerts_about_runs(work.conn, work.run)
    return findings.coverage


def some(names: list[str]) -> str:
    """The first few names of a list, and how many more there are."""
    shown = ", ".join(names[:LISTED])
    return f"{shown} and {len(names) - LISTED} more" if len(names) > LISTED else shown
