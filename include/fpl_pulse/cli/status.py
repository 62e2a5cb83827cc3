"""Prints whether this week is all right: its five runs, open alerts, cases in review, the quota and the forecast.

`python -m fpl_pulse.cli.status` reads the database of the Airflow connection `fpl_postgres`. On the local stack `make
status` prints the same and the processes. Times are London time, as in the schedule.
"""

import argparse
import shutil
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from textwrap import wrap

from fpl_pulse.alerts.sentences import alert_heading
from fpl_pulse.api import source_clock
from fpl_pulse.cli.on_store import run_on_store
from fpl_pulse.errors import RetryableError
from fpl_pulse.etl.context import StepContext
from fpl_pulse.runbook import link_to
from fpl_pulse.store import week_status
from fpl_pulse.store.week_status import Outlook, Review, SlotStatus, WeekStatus
from fpl_pulse.week import DAY_NAMES, LONDON, display_name, in_words, next_slot, short_time, slot_of
from fpl_pulse.wording import quantity

SECTION = "what-make-status-says"
"""Of the runbook."""

MOST_COLUMNS = 110
"""Longer lines are hard to read."""

MOST_LONG_NOTES = 3
"""With more notes or alerts each of them has a line less, so that the screen has at most about 40 lines."""
LABEL = 10
"""Columns of the words on the left: `Alerts`, `Review`, `Quota`."""

A_MOMENT = timedelta(minutes=5)

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
    notes = [f"{slot.title}: {note}" for slot in status.slots if (note := _note(slot))]
    yield from [""] if notes else []
    for note in notes:
        yield from _note_lines(note, width, 3 if len(notes) <= MOST_LONG_NOTES else 2)
    if any(slot.is_all_right is False for slot in status.slots):
        yield f"> What to do in each case: {link_to(SECTION)}"
    yield ""
    yield from _alert_lines(status, width)
    yield f"{'Review':<{LABEL}}{_review(status.review)}"
    yield f"{'Quota':<{LABEL}}{_quota(status.outlook)}"
    yield from [f"{'Forecast':<{LABEL}}{_forecast(status.outlook)}"] if status.outlook else []
    yield f"{'Now':<{LABEL}}{_now(status)}"


def headline(status: WeekStatus) -> str:
    """The answer, for example `Week of 13 October 2025: ALL RIGHT. All 5 runs have succeeded.`, and what is not."""
    slots = status.slots
    monday = min(slot.slot_at for slot in slots).astimezone(LONDON) if slots else status.now.astimezone(LONDON)
    week = f"Week of {monday:%-d %B %Y}"
    wrong = [slot for slot in slots if slot.is_all_right is False]
    done = [slot for slot in slots if slot.is_all_right]
    if wrong:
        return f"{week}: NOT ALL RIGHT. {_what_is_wrong(wrong)}"
    if {slot.state for slot in slots} <= {"not run", "not due"}:
        return f"{week}: nothing has run. {_coming(status)}"
    look_at = _look_at(status)
    if len(done) == len(slots):
        verdict = f"ALL RIGHT. All {len(slots)} runs have succeeded."
    else:
        not_run = [slot.title for slot in slots if slot.state == "not run"]
        begins = f"INCOMPLETE. Not run: {', '.join(not_run)}." if not_run else "ALL RIGHT SO FAR."
        verdict = f"{begins} {len(done)} of {len(slots)} runs have succeeded. {_coming(status)}"
    return f"{week}: {verdict}{f' Look at: {look_at}.' if look_at else ''}"


def _what_is_wrong(slots: Sequence[SlotStatus]) -> str:
    """The pipelines by what is wrong with them, for example `Failed: Lineups, Heatmaps. Not run: Radar attributes`."""
    words = {"failed": "Failed", "missing": "Not run"}
    titles: dict[str, list[str]] = {}
    for slot in slots:
        titles.setdefault(words.get(slot.state, "Not done by the deadline"), []).append(slot.title)
    return " ".join(f"{what}: {', '.join(names)}." for what, names in titles.items())


def _look_at(status: WeekStatus) -> str:
    """What is not in order although the runs are."""
    partial = [slot.title for slot in status.slots if slot.calls_skipped]
    alerts = _alerts_of(status)
    found = [f"partial run of {title}" for title in partial]
    found += [quantity(alerts, "open alert")] if alerts else []
    found += ["the quota, which is too small"] if status.outlook and status.outlook.is_enough is False else []
    return ", ".join(found)


def _coming(status: WeekStatus) -> str:
    """Which run is active, or else which slot is next."""
    active = [slot for slot in status.slots if slot.state in ("due", "waiting", "running", "retrying")]
    if active:
        return " ".join(f"{slot.title} is {slot.state}." for slot in active)
    if not status.slots:
        return ""
    coming = min((next_slot(slot_of(slot.dag_id), status.now), slot.title) for slot in status.slots)
    return f"Next: {coming[1]}, {short_time(coming[0])}."


def _row(*cells: str) -> str:
    slot, pipeline, state, calls, rows, coverage, deadline = cells
    return f"{slot:<9}  {pipeline:<17}  {state:<8}  {calls:>6}  {rows:>7}  {coverage:>8}  {deadline}".rstrip()


def _slot_row(slot: SlotStatus) -> str:
    is_partial = slot.state == "success" and slot.calls_skipped
    state = "partial" if is_partial else slot.state.upper() if slot.state in IN_CAPITALS else slot.state
    rows = None if slot.rows_inserted is None else slot.rows_inserted + (slot.rows_updated or 0)
    share = None if not slot.want else (slot.have or 0) / slot.want
    # 99.96 % must not look complete.
    coverage = "-" if share is None else "100 %" if share == 1 else f"{min(share, 0.999):.1%}".replace("%", " %")
    return _row(
        f"{DAY_NAMES[slot.slot_at.astimezone(LONDON).weekday()]} {slot.slot_at.astimezone(LONDON):%H:%M}",
        slot.title,
        state,
        "-" if slot.calls is None else f"{slot.calls:,}",
        "-" if rows is None else f"{rows:,}",
        coverage,
        _deadline(slot),
    )


def _deadline(slot: SlotStatus) -> str:
    by = f"{slot.deadline_at.astimezone(LONDON):%H:%M}"
    if slot.has_missed_deadline:
        return f"{by} MISSED"
    if slot.state == "success" and slot.run_type == "scheduled":
        return f"{by} met"
    # Nobody waits for a manual or backfill run.
    return by if slot.run_type in (None, "scheduled") else f"none ({slot.run_type})"


def _note_lines(note: str, width: int, lines: int) -> list[str]:
    return wrap(_printable(note), width, initial_indent="> ", subsequent_indent="  ", max_lines=lines, placeholder=" …")


def _note(slot: SlotStatus) -> str | None:
    """What somebody has to know about a slot; None for a slot as it should be."""
    since = short_time(slot.started_at) if slot.started_at else "an unknown time"
    if slot.state == "failed":
        return slot.message or "the run has left no message; its log in Airflow says why."
    if slot.state == "retrying":
        return f"Airflow will retry it by itself. {slot.message or ''}"
    if slot.state == "missing":
        return (
            "there is no run for this slot. Unpause the DAG or start the scheduler: the newest slot then runs, and does"
            f" what is due of earlier weeks too. If there is still no run, trigger {slot.dag_id}."
        )
    if slot.state == "due":
        return "its slot has begun, and no task has started yet."
    if slot.state == "running":
        if slot.idle_since and datetime.now(UTC) - slot.idle_since > A_MOMENT:
            return (
                f"running since {since}, but no task has run since {short_time(slot.idle_since)}. If the DAG was"
                " paused in the middle of the run, unpause it: the run goes on. Otherwise check that a worker runs."
            )
        minutes = (datetime.now(UTC) - slot.started_at) // timedelta(minutes=1) if slot.started_at else 0
        return f"running since {since}, for {in_words(timedelta(minutes=max(1, minutes)))}."
    if slot.state == "waiting":
        upstream = slot_of(slot.dag_id).waits_for
        return f"waits for {slot_of(upstream).title if upstream else 'another pipeline'}."
    if slot.state == "success" and slot.calls_skipped:
        them = "it" if slot.calls_skipped == 1 else "them"
        return f"skipped {quantity(slot.calls_skipped, 'call')} over the budget; the next run makes {them}."
    if slot.state == "success" and slot.lacking:
        return f"complete enough ({slot.lacking})."
    return None


def _alert_lines(status: WeekStatus, width: int) -> Iterator[str]:
    """How many alerts are open, and a line for each that the notes about the runs do not explain already."""
    explained = {(kind, slot.dag_id) for slot in status.slots for kind in EXPLAINED.get(slot.state, ())}
    others = [alert for alert in status.alerts if (alert.kind, alert.dag_id) not in explained]
    total, above = _alerts_of(status), len(status.alerts) - len(others)
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


def _alerts_of(status: WeekStatus) -> int:
    return status.alerts[0].total if status.alerts else 0


def _review(review: Review) -> str:
    if not review.players and not review.clubs:
        return "no player or club waits for a decision"
    counted = ((review.players, "player"), (review.clubs, "club"))
    words = " and ".join(quantity(number, name) for number, name in counted if number)
    return f"{words} to decide about: make mappings ARGS=review"


def _quota(outlook: Outlook | None) -> str:
    if outlook is None:
        return "unknown before the first run"
    if outlook.calls_left is None:
        return "unknown: SofaSport has not said how many calls are left"
    reset = f", reset on {short_time(outlook.resets_at)}" if outlook.resets_at else ""
    return f"{quantity(outlook.calls_left, 'call')} left{reset}"


def _forecast(outlook: Outlook) -> str:
    if outlook.calls_forecast is None:
        return "none without matches"
    verdict = {True: ": the quota is enough", False: ": the quota is NOT ENOUGH", None: ""}[outlook.is_enough]
    matches = "match" if outlook.matches_coming == 1 else f"{outlook.matches_coming} matches"
    return f"{quantity(outlook.calls_forecast, 'call')} for the next {matches}{verdict}"


def _now(status: WeekStatus) -> str:
    is_of_source = datetime.now(UTC) - status.now > A_MOMENT
    whose = "by the clock of the data source" if is_of_source else "in London"
    return f"{status.now.astimezone(LONDON):%a %-d %B %Y %H:%M} {whose}"


def _printable(text: str) -> str:
    """Text of a source or an operator, without what a terminal would interpret."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


if __name__ == "__main__":
    sys.exit(main())
