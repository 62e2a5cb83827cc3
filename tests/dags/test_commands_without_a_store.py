"""The commands without a database: one sentence that holds no password, and exit status 1."""

import json
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from fpl_pulse.airflow import connections
from fpl_pulse.cli import archive, crosswalk, mappings, schema
from fpl_pulse.errors import StoreUnavailableError

COMMANDS: list[tuple[Callable[[list[str]], int], str]] = [
    (archive.main, "digest"),
    (mappings.main, "report"),
    (crosswalk.main, "people.csv"),
    (schema.main, "upgrade"),
]


@pytest.mark.parametrize(("command", "argument"), COMMANDS)
@pytest.mark.parametrize(
    "connection",
    [None, {"conn_type": "postgres", "host": "127.0.0.1", "port": 1, "login": "x", "password": "hush-hush"}],
)
def test_a_command_without_a_database_says_what_to_check(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    connection: dict[str, Any] | None,
    command: Callable[[list[str]], int],
    argument: str,
) -> None:
    monkeypatch.delenv("AIRFLOW_CONN_FPL_POSTGRES", raising=False)
    if connection is not None:
        monkeypatch.setenv("AIRFLOW_CONN_FPL_POSTGRES", json.dumps(connection))
    assert command([argument]) == 1
    printed = capsys.readouterr()
    assert "The database of the connection fpl_postgres cannot be reached: check that" in printed.err
    assert "hush-hush" not in printed.err + printed.out


def test_a_statement_that_the_database_does_not_execute_is_not_called_a_lost_connection(
    dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        connections, "connect", lambda: psycopg.connect(dsn, autocommit=True, options="-c statement_timeout=10")
    )
    expected = r"did not execute a statement.*statement timeout"
    with pytest.raises(StoreUnavailableError, match=expected), connections.open_store() as conn:
        conn.execute("select pg_sleep(5)")
