"""The operator of `run_manual_update`: triggers one pipeline, unless that pipeline would refuse the choices."""

from airflow.providers.standard.operators.trigger_dagrun import DagIsPaused, TriggerDagRunOperator
from airflow.sdk import Context

from fpl_pulse.airflow.choices import chosen, require_consistent_choices, require_known_keys
from fpl_pulse.airflow.run_info import run_as_of
from fpl_pulse.errors import PausedError, SelectionError
from fpl_pulse.week import REBUILD, WEEK


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
            raise PausedError(paused_sentence(self.trigger_dag_id)) from None


def paused_sentence(dag_id: str) -> str:
    """What to do about a paused pipeline, and what that starts."""
    slot = next((slot for slot in WEEK if slot.dag_id == dag_id), None)
    name = f"{slot.display_name} ({dag_id})" if slot is not None else dag_id
    starts = " If its newest slot has not run yet, that runs at once." if slot is not None else ""
    return (
        f"Switch on {name}: it is paused, so a run of it would wait in the queue. Use the switch on its page in the UI,"
        f" or `airflow dags unpause {dag_id}`.{starts} Then clear this task"
    )
