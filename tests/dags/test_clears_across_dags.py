"""Which run a cleared run of `update_lineups` clears in another pipeline. `make crashes` clears on a real Airflow."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator

from fpl_pulse.airflow import connections
from fpl_pulse.airflow.clears import ClearSameWeekRun
from fpl_pulse.store import runs
from tests.dags.conftest import NOW, context_of


def run_cleared_by(dags: dict[str, Any], monkeypatch: pytest.MonkeyPatch, dsn: str, clear_number: int) -> str | None:
    """Execute the task in a run that was cleared so often; return the id of the run that Airflow is asked to clear."""
    asked: list[str] = []
    monkeypatch.setattr(connections, "connect", lambda: psycopg.connect(dsn, autocommit=True))
    monkeypatch.setattr(TriggerDagRunOperator, "execute", lambda task, _: asked.append(task.trigger_run_id))
    context: Any = context_of(dags["update_lineups"], None, "clear_heatmaps")
    context["dag_run"].clear_number = clear_number
    ClearSameWeekRun(task_id="clear_heatmaps", trigger_dag_id="collect_heatmaps").execute(context)
    return asked[0] if asked else None


@pytest.fixture
def recorded(dsn: str) -> None:
    """Runs of `collect_heatmaps`: of the weeks before and after, and in this week a full and a later partial one."""
    with psycopg.connect(dsn, autocommit=True) as conn:
        for run_id, days, is_full in (
            ("before", -1, True),
            ("this_week", 1, True),
            ("partial", 2, False),
            ("after", 7, True),
        ):
            run = runs.Run("collect_heatmaps", run_id, NOW + timedelta(days=days), is_full=is_full)
            runs.begin(conn, run)


@pytest.mark.usefixtures("recorded")
def test_a_cleared_run_clears_the_full_run_of_its_own_week(
    dags: dict[str, Any], dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run_cleared_by(dags, monkeypatch, dsn, clear_number=1) == "this_week"


@pytest.mark.usefixtures("recorded")
def test_a_run_that_was_not_cleared_clears_nothing(
    dags: dict[str, Any], dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run_cleared_by(dags, monkeypatch, dsn, clear_number=0) is None


def test_a_cleared_run_creates_no_run_where_the_week_has_none(
    dags: dict[str, Any], dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run_cleared_by(dags, monkeypatch, dsn, clear_number=1) is None
