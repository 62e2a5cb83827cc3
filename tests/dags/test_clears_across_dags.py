"""Which run a cleared run of `update_lineups` clears in another pipeline. `make crashes` clears on a real Airflow."""

from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator

from fpl_pulse.airflow import connections, run_info
from fpl_pulse.airflow.clears import ClearSameWeekRun
from fpl_pulse.etl.selection import Selection
from fpl_pulse.store import attempts, runs
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


def woken(
    dags: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    dsn: str,
    *,
    as_of: datetime = NOW,
    state: str = "failed",
    wait: str = "failed",
    is_full: bool = True,
) -> list[str]:
    """Execute `clear_lineups` in a run of the mappings; return the runs that Airflow is asked to clear.

    This week's lineups have the state `state`, and their wait for the mappings the state `wait`.
    """
    asked: list[str] = []
    monkeypatch.setattr(connections, "connect", lambda: psycopg.connect(dsn, autocommit=True))
    monkeypatch.setattr(TriggerDagRunOperator, "execute", lambda task, _: asked.append(task.trigger_run_id))
    with psycopg.connect(dsn, autocommit=True) as conn:
        run = runs.Run("update_lineups", "tuesday", NOW, "wait_for_update_fixture_mappings")
        runs.begin(conn, run)
        runs.finish(conn, run, state, "the mappings have not finished within 1 hour")
        attempts.begin(conn, run)
        if wait == "failed":
            attempts.fail(conn, run, "not finished within 1 hour", can_retry=True)
        elif wait == "success":
            attempts.succeed(conn, run)
    context: Any = context_of(dags["update_fixture_mappings"], {"as_of": as_of.isoformat()}, "clear_lineups")
    context["dag_run"].clear_number = 0
    if not is_full:
        monkeypatch.setattr(run_info, "selection_of", lambda _: Selection(matches=(7,)))
    task = dags["update_fixture_mappings"].get_task("clear_lineups")
    ClearSameWeekRun(
        task_id="a_task", trigger_dag_id=task.trigger_dag_id, only_after_failed_wait=task.only_after_failed_wait
    ).execute(context)
    return asked


def test_a_run_for_chosen_matches_wakes_nobody(dags: dict[str, Any], dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert woken(dags, monkeypatch, dsn, is_full=False) == []


@pytest.mark.parametrize("hours", [-25, -1, 7])
def test_a_run_that_has_waited_in_vain_is_cleared_by_the_run_that_it_waited_for(
    dags: dict[str, Any], dsn: str, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    # From Monday's slot, and from a manual run on Tuesday in its place.
    assert woken(dags, monkeypatch, dsn, as_of=NOW + timedelta(hours=hours)) == ["tuesday"]


@pytest.mark.parametrize(
    "lineups",
    [
        {"wait": "success"},  # It has failed for another reason.
        {"wait": "running"},  # Somebody has cleared it: it waits.
        {"state": "success"},
        {"as_of": NOW - timedelta(days=7)},
    ],
)
def test_other_runs_are_not_cleared(
    dags: dict[str, Any], dsn: str, monkeypatch: pytest.MonkeyPatch, lineups: dict[str, Any]
) -> None:
    assert woken(dags, monkeypatch, dsn, **lineups) == []
