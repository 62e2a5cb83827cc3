"""The operator of `run_manual_update`: triggers one pipeline, unless that pipeline would refuse the choices."""

from airflow.providers.standard.operators.trigger_dagrun import DagIsPaused, TriggerDagRunOperator
from airflow.sdk import Context

from fpl_pulse.airflow.choices import chosen, require_consistent_choices, require_known_keys
from fpl_pulse.airflow.run_info import run_as_of
from fpl_pulse.errors import PausedError, SelectionError
from fpl_pulse.week import PIPELINES, REBUILD, display_name


class TriggerChosenPipeline(TriggerDagRunOperator):
    """Triggers the chosen pipeline. Its conf has only the fields of the form that were filled in."""

    def execute(self, context: Context) -> None:
        """Check the choices, then trigger.

        Raises:
            SelectionError: the pipeline would refuse the choices.
            PausedError: the pipeline is paused, so its run would wait in the queue.
        """
        require_known_keys(context)
        run_as_of(context)
        choices = {name: value for name, value in chosen(context["params"]).items() if name != "pipeline"}
        if self.trigger_dag_id == REBUILD:
            if choices:
                raise SelectionError(f"{REBUILD} always rebuilds every table. Trigger it without {', '.join(choices)}")
        else:
            require_consistent_choices(self.trigger_dag_id, choices)
        self.conf = choices
        try:
            super().execute(context)
        except DagIsPaused:
            raise paused_error(self.trigger_dag_id) from None


def paused_error(dag_id: str) -> PausedError:
    """What to do about a paused pipeline, and what that starts."""
    name = display_name(dag_id)
    remedy = f"Switch {name} on, in the UI or by `airflow dags unpause {dag_id}`, then clear this task"
    starts = " If its newest slot has not run yet, that runs at once." if dag_id in PIPELINES else ""
    return PausedError(f"{name} is paused, so a run of it would wait in the queue. {remedy}.{starts}", remedy=remedy)
