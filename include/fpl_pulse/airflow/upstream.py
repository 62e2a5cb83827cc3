"""What the sensor does when the upstream's run for this week's slot has not succeeded (docs/adr/0017)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING

from fpl_pulse.week import MISSING_RUN_GRACE, WAIT_LIMIT, display_name, in_london, in_words, run_name
from fpl_pulse.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fpl_pulse.store.attempts import Attempt
    from fpl_pulse.store.runs import RecordedRun


LOST = "lost"
"""The state of a run that is recorded as running and that Airflow does not have: nobody will finish it."""


class SlotRun(Enum):
    """The state of the upstream's run for the slot."""

    MISSING = "missing"
    ACTIVE = "active"
    """Queued or running."""
    FAILED = "failed"


class Action(Enum):
    """What the waiting run does next."""

    START = "start"
    WAIT = "wait"
    RERUN = "rerun"
    """Run the upstream's failed run again, then wait for it."""
    FAIL = "fail"


@dataclass(frozen=True)
class Upstream:
    """What is known about the upstream pipeline."""

    dag_id: str
    slot: datetime
    """The newest slot on or before the waiting run's as-of time."""
    slot_run: SlotRun
    newest: "RecordedRun | None"
    """The full run that started last, on schedule or manually, with Airflow's state; None when there has been none."""
    has_active_run: bool
    """Whether any run is queued or running."""
    is_paused: bool = False
    """Whether Airflow would not run a cleared run."""
    passing: str | None = None
    """The id of the failed run if its reason may have passed since: an outage, a killed process, a wait that took too
    long. None when somebody has to fix the cause."""
    was_rerun: bool = False
    """Whether the waiting run has already run it again."""


@dataclass(frozen=True)
class Decision:
    """The next action, and the sentence for the log and the alert."""

    action: Action
    sentence: str
    can_retry: bool = False
    """Of a failure: whether it may pass without a fix."""


def decide(upstream: Upstream, *, is_manual: bool, waited: timedelta) -> Decision:
    """Decide whether a run starts, waits or fails. The standard sensor has already found no success for the slot.

    A manual run accepts the newest upstream run, however old. `waited` is the time since the waiting run was started or
    cleared.
    """
    decision = _decide(upstream, is_manual=is_manual, waited=waited)
    if decision.action is Action.WAIT and waited > WAIT_LIMIT:
        return Decision(
            Action.FAIL,
            f"{display_name(upstream.dag_id)} has not finished within {in_words(WAIT_LIMIT)}. Look at its run; clear"
            " this task when that run is green.",
            can_retry=True,
        )
    if decision.action is Action.FAIL and upstream.passing and not is_manual:
        return _after_an_outage(upstream, decision.sentence, waited)
    return decision


def _after_an_outage(upstream: Upstream, failure: str, waited: timedelta) -> Decision:
    """What to do about a failure whose reason may have passed since."""
    name = display_name(upstream.dag_id)
    if upstream.was_rerun:
        return Decision(Action.FAIL, f"After this run had run it once more: {failure}", can_retry=True)
    if upstream.is_paused:
        return Decision(
            Action.FAIL, f"{name} is paused, so it cannot be run once more: unpause it. {failure}", can_retry=True
        )
    if waited > WAIT_LIMIT:
        return Decision(Action.FAIL, failure, can_retry=True)
    passing = run_name(upstream.dag_id, upstream.passing or "", upstream.slot)
    return Decision(
        Action.RERUN, f"{failure} The reason may have passed since: this run clears {passing} and waits for it."
    )


def _decide(upstream: Upstream, *, is_manual: bool, waited: timedelta) -> Decision:
    name, newest = display_name(upstream.dag_id), upstream.newest
    trigger = f"airflow dags trigger {upstream.dag_id}"
    slot = f"this week's slot, {in_london(upstream.slot)}"
    if upstream.slot_run is SlotRun.ACTIVE:
        return Decision(Action.WAIT, f"{name} has not finished its run for {slot}.")
    is_recent_enough = newest is not None and (is_manual or newest.as_of >= upstream.slot)
    if newest is not None and is_recent_enough and newest.state == "success":
        return Decision(Action.START, f"Using {_described(newest)}, which succeeded.")
    if upstream.has_active_run:
        return Decision(Action.WAIT, f"{name} has another run that is queued or running.")
    remedy = f"Clear its failed tasks or run `{trigger}`; clear this task when that run is green."
    if newest is not None and is_recent_enough:
        if newest.state == LOST:
            return Decision(Action.FAIL, f"{_described(newest)}, never finished, and Airflow has no such run. {remedy}")
        reason = newest.message or "no reason was recorded"
        return Decision(Action.FAIL, f"{_described(newest)}, has failed: {sentence(reason)} {remedy}")
    if upstream.slot_run is SlotRun.FAILED:
        return Decision(Action.FAIL, f"{name}: the run for {slot} has failed. {remedy}")
    if not is_manual and waited < MISSING_RUN_GRACE:
        return Decision(Action.WAIT, f"{name} has no run for {slot} yet.")
    return Decision(
        Action.FAIL,
        f"{name} has no run for {slot}, and none after it. Check whether it is paused. Unpause it or run"
        f" `{trigger}`; clear this task when that run is green.",
    )


def may_have_passed(newest: "Sequence[Attempt]") -> bool:
    """Whether what failed a run may have passed since, from the newest attempt of each of its tasks.

    An attempt that never ended was killed. A run without attempts could not reach the store.
    """
    ended_badly = [one for one in newest if one.state != "success"]
    return all(one.can_retry is not False for one in ended_badly) and bool(ended_badly or not newest)


def _described(run: "RecordedRun") -> str:
    return run_name(run.dag_id, run.run_id, run.as_of)
