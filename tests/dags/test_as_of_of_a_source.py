"""Runs on a data source with its own clock: without an as-of time they work for the time of the source."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from fpl_pulse.airflow import alerting, connections
from fpl_pulse.airflow.run_info import run_as_of, run_of
from fpl_pulse.api import source_clock
from fpl_pulse.errors import RetryableError
from fpl_pulse.etl.context import StepContext
from fpl_pulse.store import runs
from fpl_pulse.store.runs import Run
from tests.dags.conftest import NOW, RunTask, context_of

AUGUST = datetime(2025, 8, 26, 2, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The times that the source's clock shows: the last one."""
    shown = [AUGUST]
    monkeypatch.setenv(source_clock.SOURCE_CLOCK, "http://127.0.0.1:1/clock")
    monkeypatch.setattr(source_clock, "read", lambda _address: shown[-1])
    return shown


def test_a_manual_run_works_for_the_time_of_the_source(dags: dict[str, Any], clock: list[datetime]) -> None:
    context = context_of(dags["update_lineups"], None)
    assert run_of(context).as_of == AUGUST
    # The UI sends the present as the logical date.
    context["dag_run"].logical_date = NOW
    assert run_of(context).as_of == AUGUST
    clock.append(AUGUST + timedelta(days=7))
    assert run_of(context).as_of == AUGUST + timedelta(days=7)


@pytest.mark.usefixtures("clock")
def test_an_as_of_time_and_an_earlier_logical_date_win(dags: dict[str, Any]) -> None:
    later = "2025-09-02T02:00:00+00:00"
    assert run_of(context_of(dags["update_lineups"], {"as_of": later})).as_of == datetime.fromisoformat(later)
    dag_run = SimpleNamespace(logical_date=AUGUST - timedelta(days=7), run_after=NOW)
    assert run_as_of({"params": {}, "dag_run": dag_run}) == AUGUST - timedelta(days=7)


def test_a_run_keeps_its_as_of_time_when_the_clock_moves(run_task: RunTask, dsn: str, clock: list[datetime]) -> None:
    seen: list[datetime] = []

    def look(context: StepContext) -> None:
        seen.append(context.as_of)

    run_task("plan_heatmaps", look)
    clock.append(AUGUST + timedelta(days=7))
    run_task("fetch_heatmaps", look)
    # Cleared.
    run_task("plan_heatmaps", look, started=datetime.now(UTC) + timedelta(minutes=1), try_number=2)
    assert seen == [AUGUST] * 3
    with psycopg.connect(dsn) as conn:
        assert conn.execute("select as_of from pulse.pipeline_runs").fetchall() == [(AUGUST,)]


def test_an_alert_about_a_run_that_was_not_opened_is_closed_by_a_later_run(
    dsn: str, monkeypatch: pytest.MonkeyPatch, clock: list[datetime]
) -> None:
    monkeypatch.setattr(connections, "connect", lambda: psycopg.connect(dsn, autocommit=True))
    alerting._report("run_failed", "update_lineups", "manual__x", lambda _: "A.", since=None, logical_date=NOW)
    with psycopg.connect(dsn, autocommit=True) as conn:
        assert conn.execute("select as_of from pulse.alerts").fetchall() == [(AUGUST,)]

    def fail(_address: str) -> datetime:
        raise RetryableError("The clock is down")

    monkeypatch.setattr(source_clock, "read", fail)
    alerting._report("run_failed", "update_lineups", "manual__y", lambda _: "B.", since=None, logical_date=NOW)
    with psycopg.connect(dsn, autocommit=True) as conn:
        assert conn.execute("select as_of from pulse.alerts order by alert_id").fetchall() == [(AUGUST,), (NOW,)]
    assert clock == [AUGUST]


def test_without_the_setting_a_recorded_run_is_not_looked_up(
    run_task: RunTask, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(source_clock.SOURCE_CLOCK, raising=False)
    with psycopg.connect(dsn, autocommit=True) as conn:
        runs.begin(conn, Run("collect_heatmaps", "manual__x", AUGUST))
    seen: list[datetime] = []
    run_task("fetch_heatmaps", lambda context: seen.append(context.as_of))
    assert seen == [NOW]
