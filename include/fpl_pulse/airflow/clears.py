"""Clears runs of another pipeline, because Airflow does not clear across DAGs (docs/adr/0013, 0020)."""

from contextlib import closing
from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import Context


class ClearSameWeekRun(TriggerDagRunOperator):
    """In a run that was cleared, clears the other pipeline's run of the same week. In any other run, does nothing.

    The sensor of the other pipeline's run then waits for this run. After that, its plan finds what this run has
    changed.
    """

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - the operator's own arguments
        """Clear an existing run, never create one."""
        super().__init__(reset_dag_run=True, **kwargs)

    def execute(self, context: Context) -> None:
        """Find the other pipeline's run in the store, and let Airflow clear it."""
        from fpl_pulse.airflow.connections import connect
        from fpl_pulse.airflow.run_info import run_of
        from fpl_pulse.store import runs

        dag_run: Any = context["dag_run"]
        if not dag_run.clear_number:
            self.log.info("This run was not cleared: nothing to clear in %s.", self.trigger_dag_id)
            return
        with closing(connect()) as conn:
            found = runs.newest_of_week(conn, self.trigger_dag_id, run_of(context).as_of)
        if found is None:
            self.log.info("%s has no run for this week yet: nothing to clear.", self.trigger_dag_id)
            return
        self.log.info("Clearing run %s of %s.", found.run_id, self.trigger_dag_id)
        self.trigger_run_id = found.run_id
        super().execute(context)


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
