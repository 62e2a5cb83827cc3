"""A clear that reaches another pipeline: Airflow itself carries none across DAGs (docs/adr/0013)."""

from contextlib import closing
from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import Context


class ClearOfTheSameWeek(TriggerDagRunOperator):
    """In a run that was cleared, clears the other pipeline's run of the same week; in every other run does nothing.

    Its sensor then waits for this run, and the pipeline looks again at what this run has changed.
    """

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - the operator's own arguments
        """Clear, never create."""
        super().__init__(reset_dag_run=True, **kwargs)

    def execute(self, context: Context) -> None:
        """Look for the other pipeline's run in the store, and have Airflow clear it."""
        from fpl_pulse.airflow.connections import connect
        from fpl_pulse.airflow.run_info import run_of
        from fpl_pulse.store import runs

        dag_run: Any = context["dag_run"]
        if not dag_run.clear_number:
            self.log.info("This run was not cleared: %s looks at everything anyway.", self.trigger_dag_id)
            return
        with closing(connect()) as conn:
            found = runs.newest_of_week(conn, self.trigger_dag_id, run_of(context).as_of)
        if found is None:
            self.log.info(
                "%s has not worked for this week yet: it has everything to see.", self.trigger_dag_id
            )
            return
        self.log.info("Clearing %s's run %s: it looks again.", self.trigger_dag_id, found.run_id)
        self.trigger_run_id = found.run_id
        super().execute(context)
