"""The operator of `run_manual_update`: triggers one pipeline, unless that pipeline would refuse the choices."""

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import Context

from fpl_pulse.airflow.choices import chosen, require_consistent_choices, require_known_keys
from fpl_pulse.airflow.run_info import run_as_of
from fpl_pulse.errors import SelectionError
from fpl_pulse.week import REBUILD


class TriggerChosenPipeline(TriggerDagRunOperator):
    """Triggers the chosen pipeline. Its conf has only the fields of the form that were filled in."""

    def execute(self, context: Context) -> None:
        """Check the choices, then trigger.

        Raises:
            SelectionError: the pipeline would refuse the choices.
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
        super().execute(context)
