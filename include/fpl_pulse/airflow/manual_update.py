"""The trigger of a manual update: one pipeline with what was chosen for it, or a refusal before there is a run."""

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import Context

from fpl_pulse.airflow.choices import chosen, require_known_keys, require_sense
from fpl_pulse.errors import SelectionError
from fpl_pulse.week import REBUILD


class TriggerOfTheChosen(TriggerDagRunOperator):
    """Triggers the pipeline that was chosen; its conf is what was really chosen, so that empty fields say nothing."""

    def execute(self, context: Context) -> None:
        """Refuse what the pipeline would refuse, then trigger.

        Raises:
            SelectionError: naming what is unknown, or what does not go together.
        """
        # psycopg comes with it, and only a task that really runs needs that.
        from fpl_pulse.airflow.run_info import as_of_of

        require_known_keys(context)
        as_of_of(context)
        choices = {name: value for name, value in chosen(context["params"]).items() if name != "pipeline"}
        if self.trigger_dag_id == REBUILD:
            if choices:
                raise SelectionError(
                    f"The rebuild is always of everything: trigger it without {', '.join(choices)}"
                )
        else:
            require_sense(self.trigger_dag_id, choices)
        self.conf = choices
        super().execute(context)
