"""## By hand · Manual update

Runs any one of the five weekly pipelines for chosen gameweeks, matches or players, from a form. It triggers a run of
that pipeline with the same choices and waits for it, at most an hour; the run itself, its log and its retries are under
the pipeline's own name. The last choice, *Every table anew from the archive*, makes no call and takes no choices.

Refused before anything is triggered: keys that are not in the form, choices that the pipeline could not honour, and a
pipeline that is paused in the UI, whose run would only queue.

**When it fails** the log names the run that failed: look there, and clear there. Clearing this run triggers anew.
"""

from datetime import timedelta

from airflow.sdk import DAG, Param

from fpl_pulse.airflow.manual_update import TriggerOfTheChosen
from fpl_pulse.airflow.weekly import DEFAULTS, FIRST_DAY, form
from fpl_pulse.week import MANUAL_UPDATE, MANUAL_UPDATE_LIMIT, PIPELINES, REBUILD, WEEK

with DAG(
    dag_id=MANUAL_UPDATE,
    dag_display_name="By hand · Manual update",
    description="One pipeline for chosen gameweeks, matches or players, or the rebuild from the archive",
    doc_md=__doc__,
    schedule=None,
    start_date=FIRST_DAY,
    catchup=False,
    max_active_runs=5,
    dagrun_timeout=MANUAL_UPDATE_LIMIT,
    default_args=DEFAULTS | {"retries": 0, "execution_timeout": MANUAL_UPDATE_LIMIT},
    params={
        "pipeline": Param(
            type="string",
            enum=[*PIPELINES, REBUILD],
            values_display={slot.dag_id: slot.display_name for slot in WEEK}
            | {REBUILD: "Every table anew from the archive, without a call"},
            title="Pipeline",
            description="Which of the weekly pipelines to run; or the rebuild, which takes no choices.",
        ),
        **form(),
    },
    tags={"fpl-pulse", "by hand"},
):
    TriggerOfTheChosen(
        task_id="run_pipeline",
        doc_md="Triggers the chosen pipeline with what was chosen, and waits for it, at most an hour.",
        trigger_dag_id="{{ params.pipeline }}",
        fail_when_dag_is_paused=True,
        wait_for_completion=True,
        deferrable=True,
        poke_interval=int(timedelta(seconds=10).total_seconds()),
    )
