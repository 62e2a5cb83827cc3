"""A machine and a database with the wrong time zone: schedule, texts, status and digests stay the same."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from fpl_pulse.airflow import connections
from fpl_pulse.store.digest import digest
from fpl_pulse.store.runs import Run, begin, finish
from fpl_pulse.week import PIPELINES, in_london, run_name
from tests.dags.test_clock_changes import CHANGES as CLOCK_CHANGES
from tests.dags.test_clock_changes import MONDAYS, runs_around

ZONES = ("Asia/Kathmandu", "America/St_Johns")
"""Zones that are not a whole number of hours from London."""

SLOT = datetime(2025, 10, 14, 2, tzinfo=UTC)


@pytest.fixture(params=ZONES)
def zone(request: pytest.FixtureRequest, dsn: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A wrong zone of this process and of the database, with the connection `fpl_postgres` to it."""
    parts = conninfo_to_dict(dsn)
    connection = {
        "conn_type": "postgres", "host": parts["host"], "port": int(str(parts["port"])), "login": parts["user"],
        "password": parts["password"], "schema": parts["dbname"],
    }  # fmt: skip
    monkeypatch.setenv("AIRFLOW_CONN_FPL_POSTGRES", json.dumps(connection))
    with psycopg.connect(dsn, autocommit=True) as conn:
        begin(conn, Run("update_lineups", "scheduled__1", SLOT, run_type="scheduled"))
        finish(conn, Run("update_lineups", "scheduled__1", SLOT), "success", "all there")
        conn.execute("insert into pulse.fpl_seasons (season, observed_at) values ('2025-26', '2025-07-20T00:00:00Z')")
        conn.execute(f"alter database {parts['dbname']} set timezone = '{request.param}'".encode())
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def test_the_schedule_stays_londons(zone: str, dags: dict[str, Any]) -> None:
    for change, mondays in MONDAYS.items():
        runs = runs_around(dags["update_fixture_mappings"], CLOCK_CHANGES[change])
        assert [f"{run.logical_date:%Y-%m-%dT%H:%M}" for run in runs] == mondays


def test_a_session_of_the_product_has_utc_whatever_the_database_says(zone: str, dsn: str) -> None:
    with psycopg.connect(dsn) as other:
        assert other.info.parameter_status("TimeZone") == zone
    with connections.open_store() as conn:
        assert conn.info.parameter_status("TimeZone") == "UTC"


def test_digests_are_the_same_in_every_zone(zone: str, dsn: str) -> None:
    with psycopg.connect(dsn, options="-c timezone=UTC") as elsewhere, connections.open_store() as conn:
        assert digest(conn)["fpl_seasons"].rows == 1
        assert digest(conn) == digest(elsewhere)


def test_texts_have_londons_time(zone: str) -> None:
    assert in_london(SLOT) == "Tue 14 Oct 03:00 London time"
    assert run_name("update_lineups", "scheduled__1", SLOT) == "Tue 03:00 · Lineups, run of 14 October"


def test_the_status_is_the_same_in_every_zone(zone: str) -> None:
    def screen(of_process: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-m", "fpl_pulse.cli.status"],
            # In its test mode Airflow prints to the standard output.
            env={**os.environ, "TZ": of_process, "PGTZ": of_process, "AIRFLOW__CORE__UNIT_TEST_MODE": "False"},
            capture_output=True,
            text=True,
            check=True,
        )
        lines = done.stdout.splitlines()
        assert {f"{one} " for one in ("Mon", "Tue", "Wed")} <= {line[:4] for line in lines}
        # The last line is the present, to the minute.
        return lines[:-1]

    assert screen(zone) == screen("Europe/London")


def test_all_pipelines_are_of_london(zone: str, dags: dict[str, Any]) -> None:
    assert {dags[dag_id].timezone.key for dag_id in PIPELINES} == {"Europe/London"}
