"""A clear that leaves out the refresh begins with the plan: the plan opens a run that has ended, and no other."""

from datetime import UTC, datetime

import psycopg
import pytest

from fpl_pulse.errors import RetryableError
from fpl_pulse.etl.context import StepContext
from fpl_pulse.store import runs
from fpl_pulse.store.merge import Written
from tests.dags.conftest import RunTask


def write_three_rows(context: StepContext) -> None:
    context.record_written("rows", Written(inserted=3))


def figures(dsn: str) -> tuple[int, str]:
    """The rows that the run has inserted, and its state."""
    with psycopg.connect(dsn) as conn:
        row = conn.execute("select rows_inserted, state from pulse.pipeline_runs").fetchone()
    assert row is not None
    return row[0], row[1]


@pytest.mark.parametrize("state", ["success", "failed"])
def test_a_plan_after_the_clear_of_an_ended_run_starts_the_figures_anew(
    run_task: RunTask, dsn: str, state: str
) -> None:
    def first(context: StepContext) -> None:
        write_three_rows(context)
        runs.finish(context.conn, context.run, state, "A sentence.")

    run_task("plan_first", first)
    run_task("replan_again", write_three_rows, started=datetime.now(UTC))
    assert figures(dsn) == (3, "running")


def test_a_plan_after_the_refresh_keeps_its_figures(run_task: RunTask, dsn: str) -> None:
    run_task("plan_first", write_three_rows)
    run_task("replan_again", write_three_rows)
    assert figures(dsn) == (6, "running")


def test_a_retry_of_the_plan_keeps_the_figures_of_the_refresh(run_task: RunTask, dsn: str) -> None:
    def fails(_: StepContext) -> None:
        raise RetryableError("an outage")

    run_task("plan_first", write_three_rows)
    with pytest.raises(RetryableError, match="an outage"):
        run_task("replan_again", fails)
    run_task("replan_again", write_three_rows)
    assert figures(dsn)[0] == 6
