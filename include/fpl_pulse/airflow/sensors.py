"""The wait of a pipeline for the one before it (docs/adr/0017).

`ExternalTaskSensor` does the standard case. Our own code decides about manual runs, about an upstream run that does not
exist, and about a manual run that replaced a failed one.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.providers.standard.exceptions import ExternalDagFailedError
from airflow.providers.standard.sensors.external_task import ExternalTaskSensor
from airflow.sdk import Context
from airflow.sdk.exceptions import AirflowFailException
from psycopg import Connection

from fpl_pulse.airflow.clears import clear_run
from fpl_pulse.airflow.retries import RETRIES, UNATTENDED
from fpl_pulse.airflow.run_info import attempt_of, run_of
from fpl_pulse.airflow.steps import pass_on_summary, recorded_attempt, store_of_task
from fpl_pulse.airflow.upstream import LOST, Action, Decision, SlotRun, Upstream, decide, may_have_passed
from fpl_pulse.errors import WaitFailedError
from fpl_pulse.store import attempts, reruns, runs
from fpl_pulse.store.runs import RecordedRun, Run
from fpl_pulse.week import WAIT_LIMIT, display_name, in_london, slot_of, slot_on_or_before

A_WEEK = timedelta(days=7)

SETTINGS: dict[str, Any] = {
    # A waiting task holds no worker. Airflow fails rescheduled sensors that poke every 5 s or faster.
    "mode": "reschedule",
    "poke_interval": 30.0,
    # The installation's [operators] default_deferrable would replace the poke by a trigger.
    "deferrable": False,
    "timeout": WAIT_LIMIT.total_seconds(),
    # Airflow 3.3.2 can hang before a poke, and can fail a rescheduled sensor because of a late event. Neither must fail
    # the run. The time-out is that of one poke. The policy ends the retries when the wait is over.
    "execution_timeout": timedelta(minutes=2),
    "retries": RETRIES,
    "allowed_states": ["success"],
    "failed_states": ["failed"],
}


class UpstreamFailedError(WaitFailedError, AirflowFailException):
    """A failed wait, in the form that Airflow does not retry."""


class UpstreamSensor(ExternalTaskSensor):
    """Waits until the upstream pipeline has succeeded for this week's slot; fails when that cannot happen any more."""

    def __init__(self, *, external_dag_id: str, **kwargs: Any) -> None:  # noqa: ANN401 - the operator's own arguments
        """Apply `SETTINGS`, which win over the DAG's default arguments. `kwargs` win over both."""
        settings = SETTINGS | {"execution_date_fn": self._upstream_slot} | kwargs
        super().__init__(external_dag_id=external_dag_id, **settings)

    def poke(self, context: Context) -> bool:
        """Look at the upstream once. Returns whether the run can start; False to look again later.

        Raises:
            UpstreamFailedError: the upstream has failed, is missing or takes too long. Airflow does not retry it.
            SelectionError: the run's own choices contradict each other.
            StoreDownError: the database cannot be reached, or is full. Airflow retries it.
        """
        # The providers' hooks are slow to import, and DAG files import this module.
        from fpl_pulse.airflow.connections import connect

        with store_of_task(context, connect) as conn:
            with recorded_attempt(conn, attempt_of(context)):
                run = run_of(context, conn)
                decision, upstream = self._decision(context, conn, run)
                self.log.info("%s", decision.sentence)
                if decision.action is Action.RERUN and upstream.passing:
                    clear_run(self.external_dag_id, upstream.passing)
                    reason = upstream.newest.message if upstream.newest else None
                    reruns.record(conn, run, self.external_dag_id, upstream.passing, reason or "no reason was recorded")
            if decision.action is Action.FAIL:
                # For the alert, and for the pipeline that waits for this one.
                runs.begin(conn, run)
                runs.finish(conn, run, "failed", decision.sentence)
                pass_on_summary(conn, run, context)
                attempts.fail(
                    conn,
                    run,
                    decision.sentence,
                    can_retry=decision.can_retry,
                    error=WaitFailedError.__name__,
                    section=WaitFailedError.section,
                )
                raise UpstreamFailedError(decision.sentence)
            if decision.action is Action.START:
                attempts.succeed(conn, run)
        return decision.action is Action.START

    def _upstream_slot(self, _logical_date: datetime, *, context: Context) -> datetime:
        """The `execution_date_fn`: the upstream's newest slot on or before the run's as-of time.

        The as-of time is the logical date, unless the run's form says otherwise.
        """
        return slot_on_or_before(slot_of(self.external_dag_id), run_of(context).as_of)

    def _decision(self, context: Context, conn: Connection[Any], run: Run) -> tuple[Decision, Upstream]:
        """The standard sensor's decision if the slot's run has succeeded, our own otherwise; and what it rests on."""
        ti: Any = context["ti"]
        slot = slot_on_or_before(slot_of(self.external_dag_id), run.as_of)
        upstream = Upstream(self.external_dag_id, slot, SlotRun.MISSING, newest=None, has_active_run=False)
        try:
            if super().poke(context):
                sentence = (
                    f"Using the run of {display_name(self.external_dag_id)} for this week's slot, {in_london(slot)}."
                )
                return Decision(Action.START, sentence), upstream
            if ti.get_dr_count(dag_id=self.external_dag_id, logical_dates=[slot]):
                upstream = replace(upstream, slot_run=SlotRun.ACTIVE)
        except ExternalDagFailedError:
            upstream = replace(upstream, slot_run=SlotRun.FAILED)
        newest = runs.newest(conn, self.external_dag_id)
        upstream = replace(
            upstream,
            newest=newest and replace(newest, state=self._airflow_state(ti, newest)),
            has_active_run=bool(ti.get_dr_count(dag_id=self.external_dag_id, states=["queued", "running"])),
        )
        is_manual = run.run_type not in UNATTENDED
        if not is_manual and not upstream.has_active_run:
            upstream = replace(
                upstream,
                passing=self._passing(ti, conn, upstream),
                was_rerun=reruns.exists(conn, run),
                is_paused=bool(ti.get_dag(self.external_dag_id).is_paused),
            )
        return decide(upstream, is_manual=is_manual, waited=_waited(context)), upstream

    def _passing(self, ti: Any, conn: Connection[Any], upstream: Upstream) -> str | None:  # noqa: ANN401
        """The id of the failed run of this week if its reason may have passed since."""
        newest = upstream.newest
        if newest and upstream.slot <= newest.as_of < upstream.slot + A_WEEK:
            is_passing = newest.state == "failed" and may_have_passed(
                attempts.newest(conn, newest.dag_id, newest.run_id)
            )
            return newest.run_id if is_passing else None
        # A run that could not open itself in the store: the store was down, or the processes were killed.
        run_ids = [f"{kind}__{upstream.slot.isoformat()}" for kind in UNATTENDED]
        failed = [
            run_id
            for run_id in run_ids
            if ti.get_dr_count(dag_id=self.external_dag_id, run_ids=[run_id], states=["failed"])
        ]
        is_passing = bool(failed) and may_have_passed(attempts.newest(conn, self.external_dag_id, failed[0]))
        return failed[0] if is_passing else None

    def _airflow_state(self, ti: Any, recorded: RecordedRun) -> str:  # noqa: ANN401 - Airflow's task instance
        """Airflow's state of a run; the recorded state when Airflow no longer has the run.

        `LOST` for a run that is recorded as running and that Airflow does not have.
        """
        try:
            state = ti.get_dagrun_state(dag_id=self.external_dag_id, run_id=recorded.run_id)
        except Exception as error:  # noqa: BLE001 - the SDK raises errors of its transport
            self.log.info("Airflow has no run %s (%s); using the recorded state", recorded.run_id, type(error).__name__)
            state = None
        if state is None:
            return LOST if recorded.state == "running" else recorded.state
        return str(getattr(state, "value", state))


def _waited(context: Context) -> timedelta:
    """How long the run has been waiting.

    Counted from the start of the run, which the clear of an ended run resets. The sensor's own clock begins anew with
    every retry.
    """
    dag_run: Any = context["dag_run"]
    started = dag_run.start_date
    return timedelta() if started is None else datetime.now(UTC) - started
