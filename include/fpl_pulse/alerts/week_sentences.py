"""The status of the week in words, for the screen of `make status` and the page of the week. Times are London time."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from fpl_pulse.store.week_status import Outlook, Review, SlotStatus, WeekStatus
from fpl_pulse.week import DAY_NAMES, LONDON, in_words, next_slot, short_time, slot_of
from fpl_pulse.wording import quantity, share_in_words

A_MOMENT = timedelta(minutes=5)


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
    alerts = alerts_of(status)
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


def slot_time(slot: SlotStatus) -> str:
    """Day and hour of a slot: `Tue 03:00`."""
    local = slot.slot_at.astimezone(LONDON)
    return f"{DAY_NAMES[local.weekday()]} {local:%H:%M}"


def state_of(state: str, calls_skipped: int | None) -> str:
    """The state of a slot or run in words; `partial` for a run that succeeded and skipped calls."""
    return "partial" if state == "success" and calls_skipped else state


def rows_of(slot: SlotStatus) -> int | None:
    """How many rows the run wrote. None before it has loaded."""
    return None if slot.rows_inserted is None else slot.rows_inserted + (slot.rows_updated or 0)


def coverage_of(slot: SlotStatus) -> str:
    """How much of the data that the check of a run counted is present: `100 %`, `99.9 %`, `-` before the check."""
    return share_in_words(slot.have or 0, slot.want) if slot.want else "-"


def deadline_of(slot: SlotStatus) -> str:
    """The deadline of a slot, and whether its run met it: `04:00 met`."""
    by = f"{slot.deadline_at.astimezone(LONDON):%H:%M}"
    if slot.has_missed_deadline:
        return f"{by} MISSED"
    if slot.state == "success" and slot.run_type == "scheduled":
        return f"{by} met"
    # Nobody waits for a manual or backfill run.
    return by if slot.run_type in (None, "scheduled") else f"none ({slot.run_type})"


def note_of(slot: SlotStatus) -> str | None:
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


def alerts_of(status: WeekStatus) -> int:
    """How many alerts are open."""
    return status.alerts[0].total if status.alerts else 0


def review_in_words(review: Review) -> str:
    """What waits for a manual decision."""
    if not review.players and not review.clubs:
        return "no player or club waits for a decision"
    counted = ((review.players, "player"), (review.clubs, "club"))
    words = " and ".join(quantity(number, name) for number, name in counted if number)
    return f"{words} to decide about"


def quota_in_words(outlook: Outlook | None) -> str:
    """How many calls are left."""
    if outlook is None:
        return "unknown before the first run"
    if outlook.calls_left is None:
        return "unknown: SofaSport has not said how many calls are left"
    reset = f", reset on {short_time(outlook.resets_at)}" if outlook.resets_at else ""
    return f"{quantity(outlook.calls_left, 'call')} left{reset}"


def forecast_in_words(outlook: Outlook) -> str:
    """How many calls the coming matches need, and whether the quota is enough."""
    if outlook.calls_forecast is None:
        return "none without matches"
    verdict = {True: ": the quota is enough", False: ": the quota is NOT ENOUGH", None: ""}[outlook.is_enough]
    matches = "match" if outlook.matches_coming == 1 else f"{outlook.matches_coming} matches"
    return f"{quantity(outlook.calls_forecast, 'call')} for the next {matches}{verdict}"


def now_in_words(status: WeekStatus) -> str:
    """The time for which a run would work now, and whose clock shows it."""
    is_of_source = datetime.now(UTC) - status.now > A_MOMENT
    whose = "by the clock of the data source" if is_of_source else "in London"
    return f"{status.now.astimezone(LONDON):%a %-d %B %Y %H:%M} {whose}"
