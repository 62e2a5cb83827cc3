"""The recipients of alerts in tests: an HTTP server that Apprise reaches through `json://`, and a mail server."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import psycopg
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope


@dataclass
class Sink:
    """A service that accepts messages, or rejects them with its status."""

    status: int = 200
    received: list[dict[str, str]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        """Its address in Apprise's form, with a password that must never be shown."""
        return f"json://operator:{PASSWORD}@127.0.0.1:{self.port}/"

    def connection(self) -> str:
        """An Airflow connection to it."""
        return connection_to(self.url)


PASSWORD = "sink-password-4711"

CONNECTION = "AIRFLOW_CONN_FPL_PULSE_ALERTS"
"""The environment variable of the connection that alerts are sent through."""


def connection_to(*urls: str) -> str:
    """The connection fpl_pulse_alerts in Airflow's JSON form."""
    services = [{"path": url, "tag": "alerts"} for url in urls]
    return json.dumps({"conn_type": "apprise", "extra": {"config": services}})


@contextmanager
def sink(status: int = 200) -> Iterator[Sink]:
    """A sink that runs."""
    started = Sink(status)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if started.status == 200:
                started.received.append(json.loads(body))
            self.send_response(started.status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    started.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield started
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass(frozen=True)
class Mail:
    """A mail as its reader sees it."""

    to: str
    subject: str
    content_type: str
    text: str


@dataclass
class Mailbox:
    """Keeps what a mail server receives."""

    mails: list[Mail] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        """Its address in Apprise's form, with a password that must never be shown."""
        return (
            f"mailto://operator:{PASSWORD}@127.0.0.1:{self.port}?from=pulse@example.org&to=operator@example.org"
            "&mode=insecure"
        )

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802
        """Keep a mail; the mail server calls this."""
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        body = mail.get_body()
        assert body is not None
        text = str(body.get_content()).replace("\r\n", "\n")
        self.mails.append(Mail(str(mail["To"]), str(mail["Subject"]), body.get_content_type(), text.strip()))
        return "250 accepted"


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """A mail server that runs, and accepts every login and every mail."""
    kept = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        kept.port = free.getsockname()[1]
    server = Controller(
        kept,
        hostname="127.0.0.1",
        port=kept.port,
        auth_require_tls=False,
        authenticator=lambda *_: AuthResult(success=True),
    )
    server.start()
    try:
        yield kept
    finally:
        server.stop()


def rows(conn: psycopg.Connection, columns: str) -> list[tuple[Any, ...]]:
    """The columns of all alerts, in the order in which they were raised."""
    return conn.execute(f"select {columns} from pulse.alerts order by alert_id".encode()).fetchall()
