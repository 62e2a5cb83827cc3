"""Delivery of alerts: each is sent once, and none is lost while a service is down."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from apprise import Apprise

from fpl_pulse.airflow.notification_services import notification_services
from fpl_pulse.alerts import channels
from fpl_pulse.alerts.outbox import claim_unsent, raise_alert
from fpl_pulse.store.runs import Run
from tests.db.sinks import CONNECTION, PASSWORD, Sink, connection_to, mailbox, rows, sink

SLOT = datetime(2025, 8, 26, 2, tzinfo=UTC)
LINEUPS = Run("update_lineups", "scheduled__1", SLOT, "fetch_lineup", 3, run_type="scheduled")


def send_alerts(conn: psycopg.Connection) -> int:
    """Send through the services of the connection, as a task does."""
    return channels.send_alerts(conn, notification_services())


def test_an_alert_is_sent_once(conn: psycopg.Connection, recipient: Sink) -> None:
    raise_alert(conn, LINEUPS, "run_partial", "update_lineups", "The quota does not last.")
    assert send_alerts(conn) == 1
    assert send_alerts(conn) == 0
    (message,) = recipient.received
    assert message["title"] == "FPL Pulse: run partial, Tue 03:00 · Lineups"
    assert "The quota does not last." in message["message"]
    assert rows(conn, "notified_at is not null, deliveries, delivery_error") == [(True, 1, None)]


def test_several_alerts_come_as_one_message(conn: psycopg.Connection, recipient: Sink) -> None:
    for number in range(3):
        raise_alert(conn, LINEUPS, "squad_unread", f"club {number}", f"Club {number} did not answer.")
    assert send_alerts(conn) == 3
    (message,) = recipient.received
    assert message["title"] == "FPL Pulse: 3 alerts"
    assert all(f"Club {number} did not answer." in message["message"] for number in range(3))


def test_names_are_sent_as_text_and_never_rendered_as_a_template(conn: psycopg.Connection, recipient: Sink) -> None:
    raise_alert(conn, LINEUPS, "club_in_review", "club {{ 7*7 }}", "{{ conn.fpl_postgres.password }} <b>{% if %}</b>")
    send_alerts(conn)
    assert "{{ 7*7 }}" in recipient.received[0]["title"]
    assert "{{ conn.fpl_postgres.password }} <b>{% if %}</b>" in recipient.received[0]["message"]


def test_without_a_connection_nothing_fails_and_the_alert_is_sent_once_there_is_one(
    conn: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    raise_alert(conn, LINEUPS, "run_partial", "update_lineups", "The quota does not last.")
    assert send_alerts(conn) == 0
    assert rows(conn, "notified_at, deliveries") == [(None, 0)]
    with sink() as late:
        monkeypatch.setenv(CONNECTION, late.connection())
        assert send_alerts(conn) == 1
        assert len(late.received) == 1


def test_an_empty_environment_variable_is_no_connection(
    conn: psycopg.Connection, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(CONNECTION, "")
    raise_alert(conn, LINEUPS, "run_partial", "update_lineups", "The quota does not last.")
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
def test_a_connection_without_a_usable_service_is_logged_and_nothing_fails(
    conn: psycopg.Connection, connection: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(CONNECTION, connection)
    raise_alert(conn, LINEUPS, "run_partial", "update_lineups", "The quota does not last.")
    assert send_alerts(conn) == 0
    assert "fpl_pulse_alerts" in caplog.text
    assert PASSWORD not in caplog.text


def test_a_service_that_is_down_loses_no_alert_and_its_password_is_never_shown(
    conn: psycopg.Connection, recipient: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    recipient.status = 503
    raise_alert(conn, LINEUPS, "run_partial", "update_lineups", "The quota does not last.")
    assert send_alerts(conn) == 0
    ((notified_at, deliveries, error),) = rows(conn, "notified_at, deliveries, delivery_error")
    assert (notified_at, deliveries) == (None, 1)
    assert error == "JSON did not accept it"
    assert "The next run tries again" in caplog.text
    assert PASSWORD not in caplog.text + error
    recipient.status = 200
    assert send_alerts(conn) == 1
    assert rows(conn, "notified_at is not null, deliveries, delivery_error") == [(True, 2, None)]


def test_delivery_is_given_up_after_five_attempts(conn: psycopg.Connection, recipient: Sink) -> None:
    recipient.status = 500
    raise_alert(conn, LINEUPS, "run_partial", "update_lineups", "The quota does not last.")
    for _ in range(7):
        send_alerts(conn)
    assert rows(conn, "deliveries") == [(5,)]


def test_a_service_that_fails_does_not_make_another_one_send_twice(
    conn: psycopg.Connection, recipient: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sink(500) as refusing:
        monkeypatch.setenv(CONNECTION, connection_to(refusing.url, recipient.url))
        raise_alert(conn, LINEUPS, "run_partial", "update_lineups", "The quota does not last.")
        assert send_alerts(conn) == 1
        assert send_alerts(conn) == 0
    assert len(recipient.received) == 1
    assert rows(conn, "delivery_error") == [("JSON did not accept it",)]


def test_closed_and_old_alerts_are_not_sent(conn: psycopg.Connection, recipient: Sink) -> None:
    raise_alert(conn, LINEUPS, "run_partial", "closed", "Closed.")
    raise_alert(conn, LINEUPS, "run_partial", "old", "Old.")
    conn.execute("update pulse.alerts set closed_at = now() where subject = 'closed'")
    conn.execute("update pulse.alerts set raised_at = now() - interval '9 days' where subject = 'old'")
    assert send_alerts(conn) == 0
    assert recipient.received == []


def test_an_alert_that_could_not_be_sent_on_wednesday_is_sent_on_monday(
    conn: psycopg.Connection, recipient: Sink
) -> None:
    recipient.status = 503
    raise_alert(conn, LINEUPS, "run_failed", "update_radar_attributes", "The source is down.")
    assert send_alerts(conn) == 0
    conn.execute("update pulse.alerts set raised_at = raised_at - interval '5 days'")
    recipient.status = 200
    assert send_alerts(conn) == 1


def test_processes_that_send_at_the_same_time_send_each_alert_once(conn: psycopg.Connection, dsn: str) -> None:
    for number in range(20):
        raise_alert(conn, LINEUPS, "squad_unread", f"club {number}", "No answer.")
    claimed: list[int] = []
    start = threading.Barrier(4)

    def claim() -> None:
        with psycopg.connect(dsn, autocommit=True) as other:
            start.wait()
            claimed.extend(alert.alert_id for alert in claim_unsent(other))

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claimed) == len(set(claimed)) == 20


def test_an_alert_is_mailed_as_plain_text_with_its_line_breaks(
    conn: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mailbox() as box:
        monkeypatch.setenv(CONNECTION, connection_to(box.url))
        raise_alert(conn, LINEUPS, "run_partial", "update_lineups", "The quota does not <b>last</b> & ends.")
        raise_alert(conn, LINEUPS, "squad_unread", "club 7", "Club 7 did not answer.")
        assert send_alerts(conn) == 2
    (mail,) = box.mails
    assert (mail.to, mail.subject, mail.content_type) == ("operator@example.org", "FPL Pulse: 2 alerts", "text/plain")
    assert "The quota does not <b>last</b> & ends. Runbook: docs/runbook.md#the-quota-is-spent\n" in mail.text
    assert "\n\nsquad unread, club 7\nClub 7 did not answer. Runbook: docs/runbook.md#a-squad" in mail.text


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("discord://123456789012345678/abcdefghijklmnopqrstuvwxyz", 2_000),
        ("tgram://123456789:abcdefghijklmnopqrstuvwxyz-abcdefghi/12345", 4_096),
    ],
)
def test_a_message_respects_its_services_limit_and_markup(
    conn: psycopg.Connection, monkeypatch: pytest.MonkeyPatch, path: str, limit: int
) -> None:
    services = Apprise()
    assert services.add(path)
    sent: list[str] = []

    def send(self: object, body: str, title: str = "", **_: object) -> bool:
        sent.append(f"{title}\r\n{body}")
        return True

    monkeypatch.setattr(type(services[0]), "send", send)
    monkeypatch.setenv(CONNECTION, connection_to(path))
    raise_alert(conn, LINEUPS, "run_failed", "update_lineups <1>", "<i>no</i> & " + "x" * 5_000)
    assert send_alerts(conn) == 1
    (text,) = sent
    assert len(text) <= limit
    assert text.endswith("The full text is in pulse.alerts.")
    assert ("<i>" in text) is path.startswith("discord")


def test_a_long_message_is_truncated_and_says_where_the_full_text_is(conn: psycopg.Connection, recipient: Sink) -> None:
    raise_alert(conn, LINEUPS, "run_failed", "update_lineups", "x" * 50_000)
    send_alerts(conn)
    assert len(recipient.received[0]["message"]) < channels.MAX_BODY_LENGTH + 100
    assert recipient.received[0]["message"].endswith("The full text is in pulse.alerts.")


def test_an_alert_whose_numbers_change_is_renewed_and_not_raised_and_sent_again(
    conn: psycopg.Connection, recipient: Sink
) -> None:
    for week, calls in enumerate((120, 90)):
        run = replace(LINEUPS, run_id=f"scheduled__{week}", as_of=SLOT + timedelta(weeks=week))
        raise_alert(conn, run, "run_partial", "update_lineups", f"It skips {calls} calls.", renew=True)
        send_alerts(conn)
    assert rows(conn, "message") == [("It skips 90 calls. Runbook: docs/runbook.md#the-quota-is-spent",)]
    assert len(recipient.received) == 1
    conn.execute("update pulse.alerts set closed_at = now()")
    raise_alert(conn, run, "run_partial", "update_lineups", "It skips 7 calls.", renew=True)
    assert len(rows(conn, "message")) == 2
