"""Alerts on their way to people: each sent once, none lost when a channel is away, none when nobody is to be told."""

import socket
import threading
from datetime import UTC, datetime

import psycopg
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from apprise import Apprise

from fpl_pulse.alerts import channels
from fpl_pulse.alerts.channels import send_alerts
from fpl_pulse.alerts.outbox import claim_unsent, raise_alert
from fpl_pulse.store.runs import Run
from tests.db.sinks import CONNECTION, PASSWORD, Sink, connection_to, rows, sink

MOMENT = datetime(2025, 8, 26, 2, tzinfo=UTC)
LINEUPS = Run("update_lineups", "scheduled__1", MOMENT, "fetch_lineup", 3, run_type="scheduled")


def test_an_alert_is_sent_once(conn: psycopg.Connection, told: Sink) -> None:
    raise_alert(conn, LINEUPS, "run_partial", "update_lineups", "The quota does not last.")
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
    raise_alert(conn, LINEUPS, "run_partial", "update_lineups", "The quota does not last.")
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
def test_a_connection_that_names_no_service_is_said_and_nothing_fails(
    conn: psycopg.Connection,
    connection: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv(CONNECTION, connection)
    raise_alert(conn, LINEUPS, "run_partial", "update_lineups", "The quota does not last.")
    assert send_alerts(conn) == 0
    assert "fpl_pulse_alerts" in caplog.text
    assert PASSWORD not in caplog.text


def test_a_channel_that_is_away_loses_nothing_and_its_password_is_told_nowhere(
    conn: psycopg.Connection, told: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    told.status = 503
    raise_alert(conn, LINEUPS, "run_partial", "update_lineups", "The quota does not last.")
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
    raise_alert(conn, LINEUPS, "run_partial", "update_lineups", "The quota does not last.")
    for _ in range(7):
        send_alerts(conn)
    assert rows(conn, "deliveries") == [(5,)]


def test_of_two_services_one_that_refuses_does_not_make_the_other_say_it_twice(
    conn: psycopg.Connection, told: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sink(500) as refusing:
        monkeypatch.setenv(CONNECTION, connection_to(refusing.url, told.url))
        raise_alert(conn, LINEUPS, "run_partial", "update_lineups", "The quota does not last.")
        assert send_alerts(conn) == 1
        assert send_alerts(conn) == 0
    assert len(told.received) == 1
    assert rows(conn, "delivery_error") == [("JSON did not take it",)]


def test_what_is_over_or_old_is_not_sent(conn: psycopg.Connection, told: Sink) -> None:
    raise_alert(conn, LINEUPS, "run_partial", "over", "Over.")
    raise_alert(conn, LINEUPS, "run_partial", "old", "Old.")
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
        raise_alert(conn, LINEUPS, "run_partial", "update_lineups", "The quota does not <b>last</b> & ends.")
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


def test_a_message_too_long_for_the_smallest_service_ends_with_where_the_rest_is(
    conn: psycopg.Connection, told: Sink
) -> None:
    raise_alert(conn, LINEUPS, "run_failed", "update_lineups", "x" * 50_000)
    send_alerts(conn)
    assert len(told.received[0]["message"]) < channels.LONGEST_BODY + 100
    assert told.received[0]["message"].endswith("All of it is in pulse.alerts.")
