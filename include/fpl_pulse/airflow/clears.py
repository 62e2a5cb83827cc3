"""Clears runs of another pipeline, because Airflow does not clear across DAGs (docs/adr/0013, 0020)."""

from contextlib import closing
from typing import TYPE_CHECKING, Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import Context

from fpl_pulse.week import WAIT_PREFIX, slot_of, slot_on_or_before

if TYPE_CHECKING:
    from psycopg import Connection

    from fpl_pulse.store.runs import RecordedRun, Run


class ClearSameWeekRun(TriggerDagRunOperator):
    """Clears the other pipeline's run of the same week: in a run that was cleared, or when that run's wait has failed.

    The sensor of the other pipeline's run then waits for this run. After that, its plan finds what this run has
    changed. A wait has failed when this pipeline was late or red: then nobody else would run the other one this week.
    """

    def __init__(self, *, only_after_failed_wait: bool = False, **kwargs: Any) -> None:  # noqa: ANN401
        """Clear an existing run, never create one. `kwargs` are the operator's own arguments."""
        # Airflow skips the fetches when nothing is due.
        super().__init__(reset_dag_run=True, trigger_rule="none_failed", **kwargs)
        self.only_after_failed_wait = only_after_failed_wait

    def execute(self, context: Context) -> None:
        """Find the other pipeline's run in the store, and let Airflow clear it."""
        from fpl_pulse.airflow.connections import connect
        from fpl_pulse.airflow.run_info import run_of
        from fpl_pulse.store import runs

        dag_run: Any = context["dag_run"]
        other = self.trigger_dag_id
        with closing(connect()) as conn:
            run = run_of(context, conn)
            found = _run_with_failed_wait(conn, run, other)
            if found is None and dag_run.clear_number and not self.only_after_failed_wait:
                found = runs.newest_of_week(conn, other, run.as_of)
        if found is None:
            self.log.info("Nothing to clear in %s.", other)
            return
        self.log.info("Clearing run %s of %s.", found.run_id, other)
        self.trigger_run_id = found.run_id
        super().execute(context)


def _run_with_failed_wait(conn: "Connection[Any]", run: "Run", other: str) -> "RecordedRun | None":
    """The other pipeline's run of this week if it has failed because it waited for this pipeline in vain."""
    from fpl_pulse.store import attempts, runs

    if not run.is_full:
        return None
    # Also from a manual run that replaces the one of the slot.
    found = runs.newest_of_week(conn, other, slot_on_or_before(slot_of(run.dag_id), run.as_of))
    if found is None or found.state != "failed":
        return None
    waits = {one.task_id: one.state for one in attempts.newest(conn, other, found.run_id)}
    return found if waits.get(f"{WAIT_PREFIX}{run.dag_id}") == "failed" else None


def clear_run(dag_id: str, run_id: str) -> None:
    """Let Airflow run another pipeline's ended run again, from within a task that goes on.

    This is what `TriggerDagRunOperator` with `reset_dag_run` sends, but that operator ends its task. All tasks of the
    run are cleared, since tasks cannot ask for less. Those that have succeeded find nothing to do.

    Raises:
        AirflowRuntimeError: Airflow has no such run, or refuses to clear it.
    """
    from airflow.sdk.execution_time.comms import TriggerDagRun
    from airflow.sdk.execution_time.task_runner import SUPERVISOR_COMMS

    SUPERVISOR_COMMS.send(TriggerDagRun(dag_id=dag_id, run_id=run_id, reset_dag_run=True))
