"""Prints whether this week is all right: its five runs, open alerts, cases in review, the quota and the forecast.

`python -m fpl_pulse.cli.status` reads the database of the Airflow connection `fpl_postgres`. On the local stack `make
status` prints the same and the processes. Times are London time, as in the schedule.
"""

import argparse
import shutil
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from textwrap import wrap

from fpl_pulse.alerts.sentences import alert_heading
from fpl_pulse.alerts.week_sentences import (
    alerts_of,
    coverage_of,
    deadline_of,
    forecast_in_words,
    headline,
    note_of,
    now_in_words,
    quota_in_words,
    review_in_words,
    rows_of,
    slot_time,
    state_of,
)
from fpl_pulse.api import source_clock
from fpl_pulse.cli.on_store import run_on_store
from fpl_pulse.errors import RetryableError
from fpl_pulse.etl.context import StepContext
from fpl_pulse.runbook import link_to
from fpl_pulse.store import week_status
from fpl_pulse.store.week_status import SlotStatus, WeekStatus
from fpl_pulse.week import display_name, short_time

SECTION = "what-make-status-says"
"""Of the runbook."""

MOST_COLUMNS = 110
"""Longer lines are hard to read."""

MOST_LONG_NOTES = 3
"""With more notes or alerts each of them has a line less, so that the screen has at most about 40 lines."""
LABEL = 10
"""Columns of the words on the left: `Alerts`, `Review`, `Quota`."""

IN_CAPITALS = ("failed", "missing")
"""States that need somebody."""

MOST_ALERTS = 5
"""Lines of the list of alerts."""

EXPLAINED = {"failed": ("run_failed", "deadline_missed"), "missing": ("run_missing",)}
"""State -> the kinds of alerts that say what the note about such a run says."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the status. The exit status is 0, or 1 when the database cannot be reached."""
    argparse.ArgumentParser(prog="python -m fpl_pulse.cli.status", description=__doc__).parse_args(arguments)
    return run_on_store("status", "week", _print)


def _print(context: StepContext) -> None:
    try:
        week_status.set_now(context.conn, source_clock.not_after_source(datetime.now(UTC)))
    except RetryableError as error:
        print(error, file=sys.stderr)
    print(*week_lines(week_status.read(context.conn), shutil.get_terminal_size().columns), sep="\n")


def week_lines(status: WeekStatus, columns: int) -> Iterator[str]:
    """Yield the status line by line, the verdict first. `columns` is the width of the terminal."""
    width = min(columns, MOST_COLUMNS)
    yield from wrap(headline(status), width)
    yield ""
    yield _row("slot", "pipeline", "state", "calls", "rows", "coverage", "deadline")
    yield from map(_slot_row, status.slots)
    notes = [f"{slot.title}: {note}" for slot in status.slots if (note := note_of(slot))]
    yield from [""] if notes else []
    for note in notes:
        yield from _note_lines(note, width, 3 if len(notes) <= MOST_LONG_NOTES else 2)
    if any(slot.is_all_right is False for slot in status.slots):
        yield f"> What to do in each case: {link_to(SECTION)}"
    yield ""
    yield from _alert_lines(status, width)
    hint = ": make mappings ARGS=review" if status.review.players or status.review.clubs else ""
    yield f"{'Review':<{LABEL}}{review_in_words(status.review)}{hint}"
    yield f"{'Quota':<{LABEL}}{quota_in_words(status.outlook)}"
    yield from [f"{'Forecast':<{LABEL}}{forecast_in_words(status.outlook)}"] if status.outlook else []
    yield f"{'Now':<{LABEL}}{now_in_words(status)}"


def _row(*cells: str) -> str:
    slot, pipeline, state, calls, rows, coverage, deadline = cells
    return f"{slot:<9}  {pipeline:<17}  {state:<8}  {calls:>6}  {rows:>7}  {coverage:>8}  {deadline}".rstrip()


def _slot_row(slot: SlotStatus) -> str:
    state = state_of(slot.state, slot.calls_skipped)
    rows = rows_of(slot)
    return _row(
        slot_time(slot),
        slot.title,
        state.upper() if state in IN_CAPITALS else state,
        "-" if slot.calls is None else f"{slot.calls:,}",
        "-" if rows is None else f"{rows:,}",
        coverage_of(slot),
        deadline_of(slot),
    )


def _note_lines(note: str, width: int, lines: int) -> list[str]:
    return wrap(_printable(note), width, initial_indent="> ", subsequent_indent="  ", max_lines=lines, placeholder=" …")


def _alert_lines(status: WeekStatus, width: int) -> Iterator[str]:
    """How many alerts are open, and a line for each that the notes about the runs do not explain already."""
    explained = {(kind, slot.dag_id) for slot in status.slots for kind in EXPLAINED.get(slot.state, ())}
    others = [alert for alert in status.alerts if (alert.kind, alert.dag_id) not in explained]
    total, above = alerts_of(status), len(status.alerts) - len(others)
    explained_above = f", {'all' if above == total else above} explained above" if above else ""
    yield f"{'Alerts':<{LABEL}}{total or 'none'} open{explained_above}"
    lines = 2 if len(others) <= MOST_LONG_NOTES else 1
    for alert in others[:MOST_ALERTS]:
        message = alert.message.removeprefix(f"{display_name(alert.dag_id)} failed. ")
        text = f"{short_time(alert.raised_at)}  {alert_heading(alert.kind, alert.subject)}: {message}"
        yield from wrap(
            _printable(text), width, initial_indent="  ", subsequent_indent="    ", max_lines=lines, placeholder=" …"
        )
    if total - above > MOST_ALERTS:
        yield f"  and {total - above - MOST_ALERTS} more: make alerts"


def _printable(text: str) -> str:
    """Text of a source or an operator, without what a terminal would interpret."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


if __name__ == "__main__":
    sys.exit(main())
