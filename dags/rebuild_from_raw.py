"""## By hand · Rebuild from raw

Builds every derived table anew from the archive of raw answers, without a single call, in one transaction: readers see
the old tables to its end, and loads of other runs wait for it. The log says table by table whether it is as it was. For
after a mended loader, lost rows, or a change by hand. What people have decided stays.

`python -m fpl_pulse.cli.archive rehearse` says beforehand what would differ.

**When it fails** nothing has changed; the log says at which moment's answers. Clearing it tries again.
"""

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

from fpl_pulse.airflow.alerting import report_failed_run
from fpl_pulse.airflow.steps import step
from fpl_pulse.airflow.weekly import DEFAULTS, FIRST_DAY
from fpl_pulse.week import MANUAL_UPDATE_LIMIT, REBUILD

with DAG(
    dag_id=REBUILD,
    dag_display_name="By hand · Rebuild from raw",
    description="Every derived table anew from the archive, without a call",
    doc_md=__doc__,
    schedule=None,
    start_date=FIRST_DAY,
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=MANUAL_UPDATE_LIMIT,
    on_failure_callback=report_failed_run,
    default_args=DEFAULTS | {"retries": 0, "execution_timeout": MANUAL_UPDATE_LIMIT},
    tags={"fpl-pulse", "by hand"},
):
    PythonOperator(
        task_id="rebuild_from_raw",
        doc_md="Builds every derived table anew from the archive, in one transaction, without a call.",
        python_callable=step("rebuild.rebuild_from_raw"),
    )
