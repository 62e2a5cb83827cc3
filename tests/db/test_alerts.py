"""Alerts on their way to people: each sent once, none lost when a channel is away, none when nobody is to be told."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from apprise import Apprise
from psycopg.conninfo import conninfo_to_dict

from fpl_pulse.airflow import alerting, channels, connections, steps
from fpl_pulse.airflow.channels import send_alerts
from fpl_pulse.store import attempts, runs
from fpl_pulse.store.alerts import claim_unsent, close_alerts_about_runs, raise_alert
from fpl_pulse.store.runs import Run
from tests.db.sinks import PASSWORD, Sink, connection_to, sink

MOMENT = datetime(2025, 8, 26, 2, tzinfo=UTC)
LINEUPS = Run("update_lineups", "scheduled__1", MOMENT, "fetch_lineup", 3, run_type="scheduled")
CONNECTION = "AIRFLOW_CONN_FPL_PULSE_ALERTS"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    """A sink that the connection leads to."""
    with sink() as made:
        monkeypatch.setenv(CONNECTION, made.connection())
        yield made


@pytest.fixture
def store(dsn: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The store as the connection fpl_postgres."""
    parts = conninfo_to_dict(dsn)
    where = f"{parts['host']}:{parts['port']}/{parts['dbname']}"
    uri = f"postgres://{parts['user']}:{parts.get('password', '')}@{where}"
    monkeypatch.setenv("AIRFLOW_CONN_FPL_POSTGRES", uri)
    return uri


def rows(conn: psycopg.Connection, columns: str) -> list[tuple[Any, ...]]:
    return conn.execute(f"select {columns} from pulse.alerts order by alert_id".encode()).fetchall()


def failure(
    run: Run, *, cleared: int = 0, reason: str = "task_failure", start: datetime | None = None
) -> Any:  # noqa: ANN401
    """What Airflow hands to the callback of a failed run."""
    dag_run = SimpleNamespace(
        clear_number=cleared, logical_date=run.as_of, run_after=run.as_of, start_date=start
    )
    ti = SimpleNamespace(run_id=run.run_id, task_id=run.task_id)
    return {"dag": SimpleNamespace(dag_id=run.dag_id), "ti": ti, "dag_run": dag_run, "reason": reason}


def overdue(run: Run, state: str) -> dict[str, Any]:
    """What Airflow hands to the callback of a deadline: JSON, but for the deadline's moment."""
    dag_run = {
        "dag_id": run.dag_id,
        "dag_run_id": run.run_id,
        "state": state,
        "logical_date": run.as_of.isoformat(),
    }
    return {"dag_run": dag_run, "deadline": {"id": "1", "deadline_time": run.as_of + timedelta(hours=1)}}


def miss(run: Run, state: str) -> None:
    asyncio.run(alerting.report_missed_deadline(context=overdue(run, state)))


def test_an_alert_is_sent_once(conn: psycopg.Connection, told: Sink) -> None:
    raise_alert(conn, LINEUPS, "run_short", "update_lineups", "The quota does not last.")
    assert send_alerts(conn) == 1
    assert send_alerts(conn) == 0
    (message,) = told.received
    assert message["title"] == "FPL Pulse: run short, update_lineups"
    assert "The quota does not last." in message["message"]
    assert rows(conn, "notified_at is not null, deliveries, delivery_error") == [(True, 1, None)]


def test_several_alerts_come_as_one_message(conn: psycopg.Connection, told: Sink) -> None:
    for number in range(3):
        raise_alert(conn, LINEUPS, "squad_unread", f"club {number}", f"Club {number} did not answer.")
    assert send_alerts(conn) == 3
    (message,) = told.received
    assert message["title"] == "FPL Pulse: 3 alerts"
    assert all(f"Club {number} did not answer." in message["message"] for number in range(3))


def test_what_a_name_holds_is_text_and_no_template(conn: psycopg.Connection, told: Sink) -> None:
    raise_alert(
        conn, LINEUPS, "club_in_review", "club {{ 7*7 }}", "{{ conn.fpl_postgres.password }} <b>{% if %}</b>"
    )
    send_alerts(conn)
    assert "{{ 7*7 }}" in told.received[0]["title"]
    assert "{{ conn.fpl_postgres.password }} <b>{% if %}</b>" in told.received[0]["message"]


def test_without_a_connection_nothing_fails_and_the_alert_can_still_be_sent_later(
    conn: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    raise_alert(conn, LINEUPS, "run_short", "update_lineups", "The quota does not last.")
    assert send_alerts(conn) == 0
    assert rows(conn, "notified_at, deliveries") == [(None, 0)]
    with sink() as late:
        monkeypatch.setenv(CONNECTION, late.connection())
        assert send_alerts(conn) == 1
        assert len(late.received) == 1


def test_an_empty_setting_is_no_connection(
    conn: psycopg.Connection, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(CONNECTION, "")
    raise_alert(conn, LINEUPS, "run_short", "update_lineups", "The quota does not last.")
    assert send_alerts(conn) == 0
    assert "ERROR" not in caplog.text


@pytest.mark.parametrize(
    "connection",
    [
        '{"conn_type": "apprise"}',
        '{"conn_type": "apprise", "extra": {"config": 7}}',
        '{"conn_type": "apprise", "extra": {"config": {"path": "nonsense://operator:sink-password-4711@host"}}}',
        '{"conn_type": "apprise", "extra": {"config": [{"tag": "sink-password-4711"}]}}',
    ],
)
def test_a_connection_that_names_no_service_is_said_and_nothing_fails(
    conn: psycopg.Connection,
    connection: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv(CONNECTION, connection)
    raise_alert(conn, LINEUPS, "run_short", "update_lineups", "The quota does not last.")
    assert send_alerts(conn) == 0
    assert "fpl_pulse_alerts" in caplog.text
    assert PASSWORD not in caplog.text


def test_a_channel_that_is_away_loses_nothing_and_its_password_is_told_nowhere(
    conn: psycopg.Connection, told: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    told.status = 503
    raise_alert(conn, LINEUPS, "run_short", "update_lineups", "The quota does not last.")
    assert send_alerts(conn) == 0
    ((notified_at, deliveries, error),) = rows(conn, "notified_at, deliveries, delivery_error")
    assert (notified_at, deliveries) == (None, 1)
    assert error == "JSON did not take it"
    assert "will be tried again" in caplog.text
    assert PASSWORD not in caplog.text + error
    told.status = 200
    assert send_alerts(conn) == 1
    assert rows(conn, "notified_at is not null, deliveries, delivery_error") == [(True, 2, None)]


def test_a_channel_that_is_away_for_good_is_given_up_after_five_times(
    conn: psycopg.Connection, told: Sink
) -> None:
    told.status = 500
    raise_alert(conn, LINEUPS, "run_short", "update_lineups", "The quota does not last.")
    for _ in range(7):
        send_alerts(conn)
    assert rows(conn, "deliveries") == [(5,)]


def test_of_two_services_one_that_refuses_does_not_make_the_other_say_it_twice(
    conn: psycopg.Connection, told: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sink(500) as refusing:
        monkeypatch.setenv(CONNECTION, connection_to(refusing.url, told.url))
        raise_alert(conn, LINEUPS, "run_short", "update_lineups", "The quota does not last.")
        assert send_alerts(conn) == 1
        assert send_alerts(conn) == 0
    assert len(told.received) == 1
    assert rows(conn, "delivery_error") == [("JSON did not take it",)]


def test_what_is_over_or_old_is_not_sent(conn: psycopg.Connection, told: Sink) -> None:
    raise_alert(conn, LINEUPS, "run_short", "over", "Over.")
    raise_alert(conn, LINEUPS, "run_short", "old", "Old.")
    conn.execute("update pulse.alerts set closed_at = now() where subject = 'over'")
    conn.execute("update pulse.alerts set raised_at = now() - interval '9 days' where subject = 'old'")
    assert send_alerts(conn) == 0
    assert told.received == []


def test_what_could_not_be_sent_on_wednesday_is_sent_by_mondays_check(
    conn: psycopg.Connection, told: Sink
) -> None:
    told.status = 503
    raise_alert(conn, LINEUPS, "run_failed", "update_radar_attributes", "The source is down.")
    assert send_alerts(conn) == 0
    conn.execute("update pulse.alerts set raised_at = raised_at - interval '5 days'")
    told.status = 200
    assert send_alerts(conn) == 1


def test_two_that_send_at_once_send_each_alert_once(conn: psycopg.Connection, dsn: str) -> None:
    for number in range(20):
        raise_alert(conn, LINEUPS, "squad_unread", f"club {number}", "No answer.")
    taken: list[int] = []
    start = threading.Barrier(4)

    def take() -> None:
        with psycopg.connect(dsn, autocommit=True) as other:
            start.wait()
            taken.extend(alert.alert_id for alert in claim_unsent(other))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 20


class Mailbox:
    """Keeps what the mail server receives."""

    def __init__(self) -> None:
        self.mails: list[str] = []

    async def handle_DATA(self, server: object, session: object, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.mails.append(envelope.content.decode())
        return "250 taken"


def test_an_alert_goes_out_by_mail_as_text_line_by_line(
    conn: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    try:
        address = f"mailto://127.0.0.1:{port}?from=pulse@example.org&to=operator@example.org&mode=insecure"
        monkeypatch.setenv(CONNECTION, connection_to(address))
        raise_alert(conn, LINEUPS, "run_short", "update_lineups", "The quota does not <b>last</b> & ends.")
        raise_alert(conn, LINEUPS, "squad_unread", "club 7", "Club 7 did not answer.")
        assert send_alerts(conn) == 1 + 1
    finally:
        server.stop()
    (mail,) = mailbox.mails
    assert "Subject: FPL Pulse: 2 alerts" in mail
    assert "To: operator@example.org" in mail
    assert "text/html" not in mail
    lines = mail.replace("\r\n", "\n")
    assert "The quota does not <b>last</b> & ends.\n\nsquad unread, club 7\nClub 7 did not answer." in lines


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("discord://123456789012345678/abcdefghijklmnopqrstuvwxyz", 2_000),
        ("tgram://123456789:abcdefghijklmnopqrstuvwxyz-abcdefghi/12345", 4_096),
    ],
)
def test_a_service_gets_no_more_than_it_takes_and_no_markup_of_others(
    conn: psycopg.Connection, monkeypatch: pytest.MonkeyPatch, path: str, most: int
) -> None:
    services = Apprise()
    assert services.add(path)
    said: list[str] = []

    def send(self: object, body: str, title: str = "", **_: object) -> bool:
        said.append(f"{title}\r\n{body}")
        return True

    monkeypatch.setattr(type(services[0]), "send", send)
    monkeypatch.setenv(CONNECTION, connection_to(path))
    raise_alert(conn, LINEUPS, "run_failed", "update_lineups <1>", "<i>no</i> & " + "x" * 5_000)
    assert send_alerts(conn) == 1
    (text,) = said
    assert len(text) <= most
    assert text.endswith("All of it is in pulse.alerts.")
    assert ("<i>" in text) is path.startswith("discord")


def test_a_failed_run_raises_one_alert_however_often_airflow_reports_it(
    conn: psycopg.Connection, store: str, told: Sink
) -> None:
    runs.begin(conn, LINEUPS)
    attempts.begin(conn, LINEUPS)
    attempts.settle_place(conn, LINEUPS, "GW2 Leeds-Everton")
    attempts.fail(conn, LINEUPS, "the source is down", can_retry=True)
    alerting.report_failed_run(failure(LINEUPS))
    alerting.report_failed_run(failure(LINEUPS))
    ((kind, subject, message, as_of),) = rows(conn, "kind, subject, message, as_of")
    assert (kind, subject, as_of) == ("run_failed", "update_lineups scheduled__1", MOMENT)
    assert "fetch_lineup [GW2 Leeds-Everton] failed: the source is down." in message
    assert "/dags/update_lineups/runs/scheduled__1/tasks/fetch_lineup/mapped/3?try_number=1" in message
    assert len(told.received) == 1


def test_a_run_that_fails_again_after_a_clear_is_reported_again_and_a_green_one_closes_both(
    conn: psycopg.Connection, store: str, told: Sink
) -> None:
    runs.begin(conn, LINEUPS)
    alerting.report_failed_run(failure(LINEUPS))
    alerting.report_failed_run(failure(LINEUPS, cleared=1))
    assert rows(conn, "subject, closed_at") == [
        ("update_lineups scheduled__1", None),
        ("update_lineups scheduled__1 (cleared 1 times)", None),
    ]
    assert len(told.received) == 2
    close_alerts_about_runs(conn, LINEUPS)
    assert rows(conn, "closed_at is null") == [(False,), (False,)]


def test_what_failed_before_a_clear_is_not_told_again_of_a_run_that_fails_for_another_reason(
    conn: psycopg.Connection, store: str
) -> None:
    check = replace(LINEUPS, task_id="check_lineups", map_index=-1)
    runs.begin(conn, LINEUPS)
    for failed, sentence in ((LINEUPS, "the source is down"), (check, "no lineups")):
        attempts.begin(conn, failed)
        attempts.fail(conn, failed, sentence, can_retry=True)
    conn.execute("update pulse.task_attempts set started_at = now() - interval '2 hours'")
    plan = replace(check, task_id="plan_matches", try_number=2)
    attempts.begin(conn, plan)
    attempts.fail(conn, plan, "the key is refused", can_retry=False)
    alerting.report_failed_run(failure(LINEUPS, cleared=1, start=datetime.now(UTC) - timedelta(hours=1)))
    ((message,),) = rows(conn, "message")
    assert "plan_matches failed: the key is refused. Trying again does not help" in message
    assert "the source is down" not in message
    assert "no lineups" not in message
    assert "/tasks/plan_matches?try_number=2" in message


def test_a_later_green_run_closes_what_was_said_of_earlier_ones_but_a_bounded_one_only_its_own(
    conn: psycopg.Connection, store: str
) -> None:
    runs.begin(conn, LINEUPS)
    alerting.report_failed_run(failure(LINEUPS))
    later = MOMENT + timedelta(days=1)
    close_alerts_about_runs(conn, Run("update_lineups", "manual__1", later, is_whole=False))
    close_alerts_about_runs(conn, Run("collect_heatmaps", "manual__2", later))
    close_alerts_about_runs(conn, Run("update_lineups", "backfill__1", MOMENT - timedelta(days=7)))
    assert rows(conn, "closed_at") == [(None,)]
    close_alerts_about_runs(conn, Run("update_lineups", "manual__3", later))
    assert rows(conn, "closed_at") == [(later,)]


def test_a_run_that_failed_before_any_step_is_reported_too(conn: psycopg.Connection, store: str) -> None:
    context = {
        "dag": SimpleNamespace(dag_id="update_lineups"),
        "run_id": "scheduled__1",
        "reason": "timed_out",
    }
    alerting.report_failed_run(context)  # type: ignore[arg-type]
    assert rows(conn, "kind, run_id") == [("run_failed", "scheduled__1")]


def test_without_the_store_a_failed_run_is_logged_and_sent_all_the_same(
    told: Sink, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_FPL_POSTGRES", "postgres://nobody:store-password@127.0.0.1:1/nothing")
    alerting.report_failed_run(failure(LINEUPS))
    assert "update_lineups failed" in told.received[0]["message"]
    assert "this may not be in pulse.alerts" in told.received[0]["message"]
    assert "ALERT run_failed" in caplog.text
    assert "store-password" not in caplog.text + str(told.received)


def test_a_store_that_does_not_answer_holds_an_alert_no_longer_than_airflow_lets_it_be_reported(
    told: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "CONNECT_TIMEOUT_S", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        monkeypatch.setenv("AIRFLOW_CONN_FPL_POSTGRES", f"postgres://nobody:secret@127.0.0.1:{port}/nothing")
        reporting = threading.Thread(target=alerting.report_failed_run, args=(failure(LINEUPS),), daemon=True)
        reporting.start()
        reporting.join(20)
    assert "update_lineups failed" in told.received[0]["message"]


def test_a_store_whose_schema_is_older_than_the_code_loses_no_alert(
    conn: psycopg.Connection, store: str, told: Sink
) -> None:
    conn.execute("alter table pulse.task_attempts rename to task_attempts_to_come")
    try:
        alerting.report_failed_run(failure(LINEUPS))
    finally:
        conn.execute("alter table pulse.task_attempts_to_come rename to task_attempts")
    assert "The store cannot be used (UndefinedTable)" in told.received[0]["message"]


def test_a_missed_deadline_says_who_is_at_work_and_since_when(
    conn: psycopg.Connection, store: str, told: Sink
) -> None:
    runs.begin(conn, LINEUPS)
    attempts.begin(conn, LINEUPS)
    attempts.settle_place(conn, LINEUPS, "GW2 Leeds-Everton")
    miss(LINEUPS, "running")
    ((kind, message),) = rows(conn, "kind, message")
    assert kind == "deadline_missed"
    assert "is not done by its deadline, Tue 03:00:00 UTC" in message
    assert "At work: fetch_lineup [GW2 Leeds-Everton] since" in message
    assert len(told.received) == 1


@pytest.mark.parametrize("state", ["success", "failed"])
def test_a_deadline_is_silent_about_a_run_that_is_over(
    conn: psycopg.Connection, store: str, told: Sink, state: str
) -> None:
    runs.begin(conn, LINEUPS)
    miss(LINEUPS, state)
    assert rows(conn, "kind") == []
    assert told.received == []


def test_a_deadline_that_is_told_after_the_run_has_ended_well_is_silent(
    conn: psycopg.Connection, store: str, told: Sink
) -> None:
    runs.begin(conn, LINEUPS)
    runs.finish(conn, LINEUPS, "success", "matches 10/10")
    miss(LINEUPS, "running")
    assert rows(conn, "kind") == []


def test_that_a_run_began_late_is_told_though_it_then_ends_well(conn: psycopg.Connection, told: Sink) -> None:
    a_week_before = replace(LINEUPS, run_id="scheduled__0", as_of=MOMENT - timedelta(days=7))
    runs.begin(conn, a_week_before)
    steps._open(conn, LINEUPS)
    close_alerts_about_runs(conn, LINEUPS)
    send_alerts(conn)
    assert [message["title"].split(",")[0] for message in told.received] == ["FPL Pulse: run late"]


def test_a_message_too_long_for_the_smallest_service_ends_with_where_the_rest_is(
    conn: psycopg.Connection, told: Sink
) -> None:
    raise_alert(conn, LINEUPS, "run_failed", "update_lineups", "x" * 50_000)
    send_alerts(conn)
    assert len(told.received[0]["message"]) < channels.LONGEST_BODY + 100
    assert told.received[0]["message"].endswith("All of it is in pulse.alerts.")
