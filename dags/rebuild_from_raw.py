"""## Manual · Rebuild from raw

Rebuilds every derived table from the archive of raw responses, without any API call. Use it after a loader was fixed,
rows were lost, or a table was edited manually. Manual decisions on links are kept.

It works in one transaction. Until the end, readers see the old tables and the loads of other runs wait. The log says
for each table whether its content has changed. `python -m fpl_pulse.cli.archive rehearse` shows that in advance.

**When it fails** no table has changed. The log names the as-of time whose responses could not be loaded.

**Clearing** it starts the rebuild again, which is safe.
"""

from fpl_pulse.airflow.alerting import report_failed_run
from fpl_pulse.airflow.pipeline import Step
from fpl_pulse.airflow.weekly import manual_dag
from fpl_pulse.etl import rebuild
from fpl_pulse.week import REBUILD

with manual_dag(
    REBUILD,
    __doc__,
    dag_display_name="Manual · Rebuild from raw",
    description="Rebuild every derived table from the archive, without any API call",
    max_active_runs=1,
    on_failure_callback=report_failed_run,
):
    Step(
        rebuild.rebuild_from_raw, "Rebuilds every derived table from the archive, in one transaction. Makes no call."
    ).task()
