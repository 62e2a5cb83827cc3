"""## Manual · Run one pipeline

Runs one of the five weekly pipelines for the gameweeks, matches or players chosen in the form. It triggers a run of
that pipeline with these choices and waits for it, at most an hour. The triggered run, its logs and its retries appear
under the pipeline's own DAG. The last entry of the list, *Rebuild every table from the archive*, makes no call and
takes no choices.

It triggers nothing, and fails, if a field has something else than numbers, if the conf has unknown keys, if the
pipeline cannot respect the choices, or if the pipeline is paused: its run would stay queued. Switch a paused pipeline
on, then clear this run's task. In the other cases trigger a new run.

**When it fails** the log names the run that failed, or says what to change in the form. Look into that run and clear
its red tasks there.

**Clearing** this run triggers a new run of the pipeline, which is safe.
"""

from airflow.sdk import Param

from fpl_pulse.airflow.form import form
from fpl_pulse.airflow.manual_update import TriggerChosenPipeline
from fpl_pulse.airflow.weekly import manual_dag
from fpl_pulse.week import MANUAL_UPDATE, PIPELINES, REBUILD, WEEK

with manual_dag(
    MANUAL_UPDATE,
    __doc__,
    dag_display_name="Manual · Run one pipeline",
    description="Run one pipeline for chosen gameweeks, matches or players, or the rebuild from the archive",
    max_active_runs=5,
    params={
        "pipeline": Param(
            type="string",
            enum=[*PIPELINES, REBUILD],
            values_display={slot.dag_id: slot.display_name for slot in WEEK}
            | {REBUILD: "Rebuild every table from the archive, without any API call"},
            title="Pipeline",
            description="The weekly pipeline to run, or the rebuild. The rebuild takes no choices.",
        ),
        **form(),
    },
):
    TriggerChosenPipeline(
        task_id="run_pipeline",
        doc_md="Triggers the chosen pipeline with the choices of the form, and waits for it, at most an hour.",
        trigger_dag_id="{{ params.pipeline }}",
        fail_when_dag_is_paused=True,
        wait_for_completion=True,
        deferrable=True,
        poke_interval=10,
    )
