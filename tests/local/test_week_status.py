"""The screen of `make status` on a running stack: which database and time it reads, and what it says without them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from rich.console import Console

from dev.local import week_status
from dev.local.airflow_api import AirflowApi
from dev.local.airflow_environment import POSTGRES_CONNECTION
from dev.local.commands import Commands
from dev.local.layout import Layout
from dev.local.processes import StartedProcess
from dev.local.source import Source
from dev.local.stack_record import StackRecord
from dev.sandbox.process import running_sandbox
from fpl_pulse.api.source_clock import SOURCE_CLOCK
from fpl_pulse.store import runs
from fpl_pulse.store.runs import Run
from fpl_pulse.week import PIPELINES

SLOT = datetime(2025, 8, 26, 2, tzinfo=UTC)
MOST_LINES = 40
SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]


def connection(dsn: str) -> str:
    """A Postgres address as an Airflow connection."""
    parts = conninfo_to_dict(dsn)
    return json.dumps(
        {
            "conn_type": "postgres",
            "host": parts["host"],
            "port": int(str(parts["port"])),
            "login": parts["user"],
            "password": parts["password"],
            "schema": parts["dbname"],
        }
    )


@pytest.fixture(scope="module")
def clock() -> Iterator[str]:
    """The clock of a sandbox, on the Tuesday of a week."""
    with running_sandbox(SLOT + timedelta(hours=2)) as address:
        yield f"{address}/__sandbox__/clock"


@pytest.fixture
def stack(dsn: str, tmp_path: Path, clock: str) -> Iterator[Layout]:
    """The record of a stack that consists of one process with the environment of a scheduler."""
    variables = {POSTGRES_CONNECTION: connection(dsn), **Source({}, clock).variables}
    process = subprocess.Popen(SLEEPER, env=os.environ | variables)
    layout = Layout(state=tmp_path / "local")
    layout.make()
    # The api-server's environment cannot be read, because it has overwritten it by its title.
    titled = subprocess.Popen(SLEEPER, env={})
    started = [StartedProcess.of("api-server", titled.pid), StartedProcess.of("scheduler", process.pid)]
    StackRecord(started[0], keeps_running=True, url="http://127.0.0.1:1", processes=started).save(layout)
    yield layout
    for one in (titled, process):
        one.kill()
        one.wait()


def status(layout: Layout) -> tuple[int, list[str]]:
    """The exit status and the lines of `make status`."""
    out = StringIO()
    code = Commands(layout, Console(file=out, width=120)).status()
    return code, out.getvalue().splitlines()


def test_the_status_shows_the_week_of_the_sources_clock(stack: Layout, dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as conn:
        run = Run("update_lineups", "manual__1", SLOT)
        runs.begin(conn, run)
        runs.finish(conn, run, "failed", "fetch_lineup: SofaSport refused the key")
    code, lines = status(stack)
    assert code == 0
    assert lines[0].startswith("Week of 25 August 2025: ")
    assert any(line.startswith("Tue 03:00  Lineups") for line in lines)
    assert any("SofaSport refused the key" in line for line in lines)
    assert any("Tue 26 August 2025 05:00 by the clock of the data source" in line for line in lines)
    assert "Processes api-server, scheduler: running" in lines
    assert len(lines) <= MOST_LINES


def test_the_status_names_the_paused_pipelines(stack: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    def dags(_: AirflowApi) -> list[dict[str, object]]:
        return [{"dag_id": dag_id, "is_paused": dag_id == "update_lineups"} for dag_id in PIPELINES]

    # The Airflow of this stack does not respond.
    assert [line for line in status(stack)[1] if line.startswith("Paused    unknown: ")]
    monkeypatch.setattr(AirflowApi, "dags", dags)
    (line,) = [line for line in status(stack)[1] if line.startswith("Paused")]
    assert line.startswith("Paused    Tue 03:00 · Lineups: no further task of theirs starts.")
    assert "make up UNPAUSE=1" in line


def test_an_ended_process_is_named_with_the_folder_of_its_log(stack: Layout) -> None:
    record = StackRecord.load(stack)
    assert record is not None
    ended = subprocess.Popen(SLEEPER)
    record.processes.append(StartedProcess.of("triggerer", ended.pid))
    record.save(stack)
    ended.kill()
    ended.wait()
    _, lines = status(stack)
    assert any(line.startswith("ENDED     triggerer: see ") and str(stack.logs) in line for line in lines)


def test_a_database_that_gives_no_answer_is_one_sentence(stack: Layout, dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute("drop view pulse.week_status cascade")
    code, lines = status(stack)
    assert code == 0
    assert lines[0].startswith("The week is unknown, the database gives no answer: ")
    assert "Processes api-server, scheduler: running" in lines


def test_a_client_of_the_database_sees_the_same_week(dsn: str, clock: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGOPTIONS", "")
    assert week_status.sql_environment({SOURCE_CLOCK: ""}) == {}
    assert week_status.sql_environment({SOURCE_CLOCK: "http://127.0.0.1:1/clock"}) == {}
    options = week_status.sql_environment({SOURCE_CLOCK: clock, "PGOPTIONS": "-c lock_timeout=5s"})["PGOPTIONS"]
    monkeypatch.setenv("PGOPTIONS", options)
    with psycopg.connect(dsn) as conn:
        assert conn.execute("select pulse.as_of_now()").fetchone() == (SLOT + timedelta(hours=2),)
        assert conn.execute("show lock_timeout").fetchone() == ("5s",)


def test_a_source_without_a_clock_unsets_the_one_of_the_environment() -> None:
    assert Source({"A": "b"}).variables == {"A": "b", SOURCE_CLOCK: ""}
