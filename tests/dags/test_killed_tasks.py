"""A task whose process is killed each time fails: Airflow does not ask the retry policy, and would go on for a day."""

import psycopg
import pytest

from fpl_pulse.errors import StopError
from fpl_pulse.etl.context import StepContext
from fpl_pulse.store import attempts
from fpl_pulse.store.runs import Run
from tests.dags.conftest import NOW, RunTask


@pytest.mark.parametrize("killed", [3, 4])
def test_after_four_kills_in_a_row_a_task_does_not_start_again(run_task: RunTask, dsn: str, killed: int) -> None:
    with psycopg.connect(dsn, autocommit=True) as conn:
        for number in range(1, killed + 1):
            attempts.begin(conn, Run("collect_heatmaps", "manual__x", NOW, "plan_heatmaps", try_number=number))
    done: list[str] = []

    def plan(context: StepContext) -> None:
        done.append(context.run.task_id)

    if killed == 3:
        run_task("plan_heatmaps", plan, try_number=killed + 1)
        assert done == ["plan_heatmaps"]
        return
    with pytest.raises(StopError, match="was killed 4 times in a row"):
        run_task("plan_heatmaps", plan, try_number=killed + 1)
    assert done == []
    with psycopg.connect(dsn) as conn:
        rows = conn.execute("select state, message from pulse.pipeline_runs").fetchall()
    assert [(state, "killed 4 times" in message) for state, message in rows] == [("failed", True)]
