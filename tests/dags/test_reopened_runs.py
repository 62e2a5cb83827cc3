"""A clear that leaves out the refresh begins with the plan: the plan opens a run that has ended, and no other."""

import psycopg
import pytest

from fpl_pulse.etl.context import StepContext
from fpl_pulse.store import runs
from fpl_pulse.store.merge import Written
from tests.dags.conftest import RunTask


def write_three_rows(context: StepContext) -> None:
    context.record_written("rows", Written(inserted=3))


@pytest.mark.parametrize(("has_ended", "inserted"), [(True, 3), (False, 6)])
def test_a_plan_after_the_refresh_starts_the_figures_anew_only_when_the_run_has_ended(
    run_task: RunTask, dsn: str, has_ended: bool, inserted: int
) -> None:
    def first(context: StepContext) -> None:
        write_three_rows(context)
        if has_ended:
            runs.finish(context.conn, context.run, "success", "The check found nothing.")

    run_task("plan_first", first)
    run_task("replan_again", write_three_rows)
    with psycopg.connect(dsn) as conn:
        row = conn.execute("select rows_inserted, state from pulse.pipeline_runs").fetchone()
    assert row == (inserted, "running")
