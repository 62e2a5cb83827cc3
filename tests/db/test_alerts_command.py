"""The command `python -m fpl_pulse.cli.alerts`, as an operator types it."""

from datetime import UTC, datetime

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from fpl_pulse.alerts.outbox import raise_alert
from fpl_pulse.cli import alerts as command
from fpl_pulse.cli.signature import BECAUSE
from fpl_pulse.store.runs import Run
from tests.db.sinks import rows

LINEUPS = Run("update_lineups", "scheduled__1", datetime(2025, 8, 26, 2, tzinfo=UTC))


@pytest.fixture
def numbers(conn: psycopg.Connection, dsn: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The numbers of two open alerts in the store of the connection fpl_postgres."""
    parts = conninfo_to_dict(dsn)
    where = f"{parts['host']}:{parts['port']}/{parts['dbname']}"
    monkeypatch.setenv("AIRFLOW_CONN_FPL_POSTGRES", f"postgres://{parts['user']}:{parts.get('password', '')}@{where}")
    monkeypatch.delenv(BECAUSE, raising=False)
    raise_alert(conn, LINEUPS, "run_failed", "Lineups, run of 26 August", "The source is down.")
    raise_alert(conn, LINEUPS, "squad_unread", "club 7", "Club 7 did not answer.")
    return [str(number) for (number,) in rows(conn, "alert_id")]


def test_the_open_alerts_are_listed_with_their_numbers(numbers: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["list"]) == 0
    printed = capsys.readouterr().out
    assert f"{numbers[0]}  run failed, Lineups, run of 26 August (raised " in printed
    assert "The source is down. Runbook: docs/runbook.md#a-run-failed" in printed
    assert printed.endswith("2 open alerts\n")


def test_an_alert_is_closed_with_who_and_why(
    conn: psycopg.Connection, numbers: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["close", numbers[0], "--because", "only here;  $(not a command)", "--by", "Ann"]) == 0
    assert capsys.readouterr().out == f"Closed {numbers[0]}: run failed, Lineups, run of 26 August.\n"
    assert rows(conn, "closed_at is null, closed_by, closed_because") == [
        (False, "Ann", "only here; $(not a command)"),
        (True, None, None),
    ]
    assert rows(conn, "closed_at <= now() and closed_at >= raised_at")[0] == (True,)


def test_the_reason_can_come_from_the_environment(
    conn: psycopg.Connection, numbers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(BECAUSE, "as seen in the UI")
    assert command.main(["close", *numbers, "--by", "Ann"]) == 0
    assert rows(conn, "closed_because") == [("as seen in the UI",)] * 2


def test_a_number_that_is_not_open_closes_nothing(
    conn: psycopg.Connection, numbers: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["close", numbers[0], "999", "--because", "x"]) == 2
    assert "No open alert has the number 999. Nothing was closed." in capsys.readouterr().err
    assert rows(conn, "closed_at") == [(None,), (None,)]


@pytest.mark.parametrize(
    "arguments", [["close", "1"], ["close", "x", "--because", "y"], ["close", "1", "--because", " "]]
)
def test_a_close_without_a_reason_or_a_number_is_refused(numbers: list[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        command.main(arguments)
    assert refused.value.code == 2


def test_without_open_alerts_the_list_says_so(
    conn: psycopg.Connection, numbers: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    command.main(["close", *numbers, "--because", "x", "--by", "Ann"])
    capsys.readouterr()
    assert command.main(["list"]) == 0
    assert "No alert is open." in capsys.readouterr().out
