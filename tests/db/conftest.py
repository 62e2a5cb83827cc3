"""Fixtures that run the pipelines' steps without Airflow, on a real Postgres and over real HTTP on the sandbox."""

import time
from collections.abc import Iterator

import psycopg
import pytest
import requests

from dev.pipelines import Pipelines
from tests.db.sinks import CONNECTION, Sink, sink


@pytest.fixture
def conn(dsn: str) -> Iterator[psycopg.Connection]:
    """A connection in autocommit mode to a new database with the schema."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        yield connection


@pytest.fixture
def pipelines(conn: psycopg.Connection, sandbox: str) -> Pipelines:
    """The pipelines on an empty database."""
    return Pipelines(conn, sandbox)


@pytest.fixture(autouse=True)
def _host_in_auckland(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Set a distant time zone: results must not depend on the host's zone."""
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def recipient(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    """A sink that receives what is sent to the connection fpl_pulse_alerts."""
    with sink() as alerts:
        monkeypatch.setenv(CONNECTION, alerts.connection())
        yield alerts


@pytest.fixture
def no_limits_afterwards(sandbox: str) -> Iterator[None]:
    """Remove the limits that a test sets: all tests of a session share the sandbox."""
    yield
    _remove_limits(sandbox)


@pytest.fixture
def no_limits_in_the_small_league(small_league: str) -> Iterator[None]:
    """As `no_limits_afterwards`, for the sandbox of the small league."""
    yield
    _remove_limits(small_league)


def _remove_limits(address: str) -> None:
    requests.post(f"{address}/__sandbox__/reset", json={"all": True}, timeout=30).raise_for_status()
