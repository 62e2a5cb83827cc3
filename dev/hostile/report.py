"""The results as progress lines, a table with counts, and JSON."""

import json
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime

from rich.table import Table

from dev.hostile.listed import reason_for
from dev.hostile.play import Result
from dev.local.layout import PROJECT

JSON_FILE = PROJECT / ".local" / "hostile.json"
SHOWN, SHOWN_CHARACTERS = 4, 240
"""Failures of a scenario in the lines of progress, and their length."""

KINDS = {
    0: "generated",
    1: "the season's identity",
    2: "another resource's response",
    3: "a wrong response keeps the right one out",
    4: "matches that do not count",
    5: "withdrawals of FPL",
    6: "renamed keys",
    7: "old pages and gameweeks",
    8: "totals of FPL that lag",
    9: "figures per fixture",
    10: "fields nothing depends on",
    11: "refusals",
    12: "outages",
    13: "changed codes",
    14: "replaced player ids",
    15: "misleading sentences",
}
"""Kind of fault -> its short name."""


def is_failed(result: Result) -> bool:
    """Whether a scenario failed and is not listed as one that cannot converge."""
    return bool(result.failures) and reason_for(result.name) is None


def line_of(result: Result, done: int, of: int) -> str:
    """A line of progress."""
    verdict = "FAILED" if is_failed(result) else "listed" if result.failures else "ok"
    text = f"{done:>4}/{of} {verdict:<6} {result.colors} {result.seconds:>5.1f} s  {result.name}"
    if not is_failed(result):
        return text
    more = [f"{len(result.failures) - SHOWN} more"] if len(result.failures) > SHOWN else []
    more += [f"says: {result.sentence[:SHOWN_CHARACTERS]}"] if result.sentence else []
    lines = [*(one[:SHOWN_CHARACTERS] for one in result.failures[:SHOWN]), *more, result.command]
    return "\n".join([text, *(f"         {line}" for line in lines)])


def details_of(result: Result) -> str:
    """Everything about one scenario: its runs with their sentences, examples, and the verdict."""
    lines = [f"{result.name}", f"{result.corrupted} responses were corrupted."]
    for run in result.runs:
        wrong = f" [{run.wrong} wrong values]" if run.wrong else ""
        lines.append(f"  week {run.week} {run.dag_id:<24} {run.state}{wrong}: {run.sentence}")
    for what, found in (("wrong in a green run", result.wrong), ("lost", result.lost), ("differs", result.differing)):
        lines += [f"  {what}: {one}" for one in found]
    lines += [f"FAILED: {one}" for one in result.failures] or ["The product withstood it."]
    if reason := reason_for(result.name):
        lines.append(f"Listed as one that cannot converge: {reason}")
    return "\n".join(lines)


def table_of(results: Sequence[Result]) -> Table:
    """Counts by kind."""
    table = Table(title="Scenarios by kind")
    table.add_column("Kind")
    names = ("Scenarios", "Failed", "Do not converge", "Wrong in green", "Lost", "Still red", "Red in the fault week")
    for name in (*names, "Seconds"):
        table.add_column(name, justify="right")
    kinds = sorted({result.kind for result in results}, key=lambda kind: kind or 99)
    for kind in kinds:
        table.add_row(KINDS[kind], *_counts([result for result in results if result.kind == kind]))
    table.add_section()
    table.add_row("all", *_counts(results))
    return table


def _counts(results: Sequence[Result]) -> list[str]:
    red = [result for result in results if any(run.state == "failed" for run in result.runs[:5])]
    numbers = [
        len(results),
        sum(map(is_failed, results)),
        sum(bool(result.differing) for result in results),
        sum(bool(result.wrong) for result in results),
        sum(bool(result.lost) for result in results),
        sum(bool(result.still_red) for result in results),
        len(red),
        round(sum(result.seconds for result in results)),
    ]
    return [f"{number:,}" for number in numbers]


def write_json(results: Sequence[Result], seconds: float, seed: int) -> None:
    """Write all results to `JSON_FILE`."""
    JSON_FILE.parent.mkdir(parents=True, exist_ok=True, mode=0o711)
    report = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"cores": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()},
        "seed": seed,
        "seconds": round(seconds, 1),
        "failed": sum(map(is_failed, results)),
        "scenarios": [{**result.as_json(), "listed": reason_for(result.name)} for result in results],
    }
    JSON_FILE.write_text(json.dumps(report, indent=1) + "\n")
