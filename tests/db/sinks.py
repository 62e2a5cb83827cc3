"""Where alerts go in the tests: an HTTP server of the test's own that Apprise's `json://` reaches."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import psycopg


@dataclass
class Sink:
    """A service that takes messages, or refuses them with its status."""

    status: int = 200
    received: list[dict[str, str]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        """Its address, as Apprise writes it, with a password that must not be told."""
        return f"json://operator:{PASSWORD}@127.0.0.1:{self.port}/"

    def connection(self) -> str:
        """The Airflow connection that leads to it."""
        return connection_to(self.url)


PASSWORD = "sink-password-4711"

CONNECTION = "AIRFLOW_CONN_FPL_PULSE_ALERTS"
"""The environment's name of the connection that alerts go out by."""


def connection_to(*urls: str) -> str:
    """The Airflow connection fpl_pulse_alerts, in Airflow's JSON form."""
    services = [{"path": url, "tag": "alerts"} for url in urls]
    return json.dumps({"conn_type": "apprise", "extra": {"config": services}})


@contextmanager
def sink(status: int = 200) -> Iterator[Sink]:
    """A running sink."""
    made = Sink(status)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if made.status == 200:
                made.received.append(json.loads(body))
            self.send_response(made.status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def rows(conn: psycopg.Connection, columns: str) -> list[tuple[Any, ...]]:
    """Of all alerts, in the order in which they were raised."""
    return conn.execute(f"select {columns} from pulse.alerts order by alert_id".encode()).fetchall()
