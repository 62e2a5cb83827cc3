"""The sources of data."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dev.local import source
from dev.local.errors import LocalStackError
from dev.local.layout import Layout
from dev.local.processes import free_port
from dev.local.source import Sandbox, Source


@pytest.mark.parametrize(
    ("connection", "dsn"),
    [
        (
            json.dumps({"conn_type": "postgres", "host": "db", "login": "me", "password": "a/b@c", "schema": "x"}),
            "postgresql://me:a%2Fb%40c@db:5432/x",
        ),
        ("postgres://me:a%2Fb@db:5433/x?sslmode=require", "postgresql://me:a%2Fb@db:5433/x?sslmode=require"),
    ],
)
def test_a_connection_becomes_an_address(connection: str, dsn: str) -> None:
    assert source.dsn_of(connection) == dsn


def test_a_missing_connection_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(source.SOFASPORT_CONNECTION, "{}")
    monkeypatch.delenv(source.FPL_CONNECTION, raising=False)
    with pytest.raises(LocalStackError, match="Missing in the environment: AIRFLOW_CONN_FPL_API"):
        source.from_environment()


def test_a_clock_that_does_not_respond_is_reported() -> None:
    silent = Source({}, f"http://127.0.0.1:{free_port()}/clock")
    with pytest.raises(LocalStackError, match=r"clock of the data source does not respond at"):
        silent.set_clock(datetime(2025, 10, 13, tzinfo=UTC))


def test_the_key_of_the_sandbox_is_random_and_only_in_the_connection(tmp_path: Path) -> None:
    as_of = datetime(2025, 10, 13, 1, tzinfo=UTC)
    sandbox = Sandbox(Layout(tmp_path, tmp_path / "a"), 1, as_of)
    other = Sandbox(Layout(tmp_path, tmp_path / "b"), 1, as_of)
    stored = json.loads(sandbox.source.connections[source.SOFASPORT_CONNECTION])
    assert stored["password"] == sandbox.key != other.key
    assert stored["extra"] == {"x-rapidapi-host": "sandbox", "timeout": 30}
