"""The wait for the pipeline before: this week's run for a scheduled run, the newest that matters for one by hand."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from airflow.providers.standard.sensors.external_task import ExternalTaskSensor
from airflow.sdk import Context
from airflow.sdk.exceptions import AirflowFailException, AirflowSensorTimeout

from fpl_pulse.airflow.retries import can_retry
from fpl_pulse.week import MISSING_RUN_GRACE, WAIT_LIMIT, slot_of, slot_on_or_before

POKE_INTERVAL_S = 30.0
"""Rescheduled sensors must not poke faster: below about 5 s Airflow marks them failed."""

UNDER_WAY = ("queued", "running")


@dataclass(frozen=True)
class Upstream:
    """What is known of the pipeline to wait for."""

    dag_id: str
    slot: datetime
    """This week's slot, UTC."""
    slot_state: str | None
    """State of the run for the slot; None when there is none."""
    newest_run_id: str | None
    """The run that began work last, scheduled or by hand; None when none ever did."""
    newest_as_of: datetime | None
    newest_state: str | None
    newest_message: str | None
    other_under_way: bool
    """Whether any run is queued or running."""


@dataclass(frozen=True)
class Verdict:
    """Go on, keep waiting, or give up; with the sentence for the log."""

    outcome: str
    sentence: str


GO, WAIT, FAIL = "go", "wait", "fail"


def judge(upstream: Upstream, *, by_hand: bool, waited_s: float) -> Verdict:
    """Decide on what is known; the rules are in the order of the lines.

    Args:
        upstream: what is known.
        by_hand: whether the waiting run was triggered by a person.
        waited_s: how long it has waited, in seconds.
    """
    name, slot = upstream.dag_id, upstream.slot.isoformat()
    remedy = (
        f"Clear its failed tasks or run `airflow dags trigger {name}`, and clear this task when it is green."
    )
    if upstream.slot_state == "success":
        return Verdict(GO, f"Taking {name}'s run for this week's slot, {slot}.")
    if upstream.slot_state in UNDER_WAY:
        return Verdict(WAIT, f"{name}'s run for this week's slot, {slot}, is {upstream.slot_state}.")
    is_recent = upstream.newest_as_of is not None and upstream.newest_as_of >= upstream.slot
    if upstream.newest_run_id is not None and (by_hand or is_recent):
        described = f"{name}'s newest run, {upstream.newest_run_id} for {upstream.newest_as_of},"
        if upstream.newest_state == "success":
            return Verdict(GO, f"Taking {described} which succeeded.")
        if upstream.newest_state in UNDER_WAY:
            return Verdict(WAIT, f"{described} is {upstream.newest_state}.")
        return Verdict(FAIL, f"{described} is {upstream.newest_state}: {upstream.newest_message}. {remedy}")
    if upstream.slot_state is not None and upstream.other_under_way:
        return Verdict(
            WAIT, f"{name}'s run for this week's slot is {upstream.slot_state}, but another is under way."
        )
    if upstream.slot_state is not None:
        return Verdict(FAIL, f"{name}'s run for this week's slot, {slot}, is {upstream.slot_state}. {remedy}")
    if upstream.other_under_way:
        return Verdict(WAIT, f"A run of {name} is about to begin.")
    if not by_hand and waited_s < MISSING_RUN_GRACE.total_seconds():
        return Verdict(WAIT, f"{name} has no run for this week's slot, {slot}, yet.")
    return Verdict(
        FAIL,
        f"{name} has no run for this week's slot, {slot}, and none after it. Is it paused? Unpause it or run"
        f" `airflow dags trigger {name}`, and clear this task when it is green.",
    )


class UpstreamSensor(ExternalTaskSensor):
    """Waits for the weekly pipeline before this one, and never for a run that will not come."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - the operator's own arguments
        """Reschedule between pokes, so that a waiting task holds no slot."""
        kwargs.setdefault("mode", "reschedule")
        kwargs.setdefault("poke_interval", POKE_INTERVAL_S)
        super().__init__(**kwargs)

    def poke(self, context: Context) -> bool:
        """Look once.

        Raises:
            AirflowFailException: when the upstream is missing or has failed; retrying cannot help.
        """
        from fpl_pulse.airflow.run_info import attempt_of, run_of
        from fpl_pulse.airflow.steps import public_message
        from fpl_pulse.store import attempts, runs

        with closing(self._connect()) as conn:
            attempts.begin(conn, attempt_of(context))
            try:
                run = run_of(context)
                upstream = self._look(context, run.as_of, runs.newest(conn, self.external_dag_id))
            except Exception as error:
                # Left at work it would be told of as killed.
                attempts.fail(conn, attempt_of(context), public_message(error), can_retry=can_retry(error))
                raise
            verdict = judge(upstream, by_hand=_by_hand(context), waited_s=self._waited_s(context))
            if verdict.outcome == GO:
                attempts.succeed(conn, run)
        self.log.info("%s", verdict.sentence)
        if verdict.outcome == FAIL:
            self._note(context, verdict.sentence)
            raise AirflowFailException(verdict.sentence)
        return verdict.outcome == GO

    def execute(self, context: Context) -> None:
        """Wait; a time-out says what to do."""
        try:
            super().execute(context)
        except AirflowSensorTimeout:
            sentence = (
                f"{self.external_dag_id} has not finished within {WAIT_LIMIT}. Look at its run; when it is green,"
                " clear this task."
            )
            self._note(context, sentence)
            raise AirflowFailException(sentence) from None

    def _note(self, context: Context, sentence: str) -> None:
        """Write the failure into the rows of the task and of the run, where the pipeline after this one looks."""
        from fpl_pulse.airflow.run_info import run_of
        from fpl_pulse.store import attempts, runs

        run = run_of(context)
        with closing(self._connect()) as conn:
            runs.begin(conn, run)
            runs.finish(conn, run, "failed", sentence)
            attempts.fail(conn, run, sentence, can_retry=False)

    @staticmethod
    def _connect() -> Any:  # noqa: ANN401 - psycopg's connection, imported late
        from fpl_pulse.airflow.connections import connect

        return connect()

    def _look(self, context: Context, as_of: datetime, newest: Any) -> Upstream:  # noqa: ANN401 - RecordedRun
        """What Airflow and the store know of the upstream. Airflow's word on a run's state counts."""
        ti: Any = context["ti"]
        slot = slot_on_or_before(slot_of(self.external_dag_id), as_of)

        def slot_state() -> str | None:
            for state in ("success", *UNDER_WAY, "failed"):
                if ti.get_dr_count(dag_id=self.external_dag_id, logical_dates=[slot], states=[state]):
                    return state
            return None

        return Upstream(
            dag_id=self.external_dag_id,
            slot=slot,
            slot_state=slot_state(),
            newest_run_id=newest.run_id if newest else None,
            newest_as_of=newest.as_of if newest else None,
            newest_state=self._state_of(ti.get_dagrun_state, newest) if newest else None,
            newest_message=newest.message if newest else None,
            other_under_way=bool(ti.get_dr_count(dag_id=self.external_dag_id, states=list(UNDER_WAY))),
        )

    def _state_of(self, ask: Callable[..., str], newest: Any) -> str:  # noqa: ANN401 - RecordedRun
        """Airflow's state of the run; the recorded one when Airflow does not know it any more."""
        known: Any = None
        try:
            known = ask(dag_id=self.external_dag_id, run_id=newest.run_id)
        except Exception as error:  # noqa: BLE001 - the SDK raises classes of its transport here
            self.log.info(
                "Airflow does not know run %s (%s); going by the record", newest.run_id, type(error).__name__
            )
        if known is None and newest.state == "running":
            return "lost"
        return str(getattr(known, "value", known) or newest.state)

    def _waited_s(self, context: Context) -> float:
        ti: Any = context["ti"]
        first = ti.get_first_reschedule_date(context)
        return 0.0 if first is None else (datetime.now(UTC) - first).total_seconds()


def _by_hand(context: Context) -> bool:
    dag_run: Any = context["dag_run"]
    return str(getattr(dag_run.run_type, "value", dag_run.run_type)) not in ("scheduled", "backfill")
