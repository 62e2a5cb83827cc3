"""The connection of a call is open before its slot is taken, whatever became of the one before."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
import requests

from fpl_pulse.api import sofasport
from fpl_pulse.api.transport import Transport
from fpl_pulse.errors import RetryableError

RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


class RecordingServer:
    """Records connections and requests in the order in which they arrive."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.keeps_connections = True
        self.has_connection = threading.Event()
        self.has_closed = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.events.append("connection")
            self.has_connection.set()
            threading.Thread(target=self._respond, args=(connection,), daemon=True).start()

    def _respond(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as received:
            while line := received.readline():
                while received.readline().strip():
                    pass
                self.events.append(line.split()[1].decode())
                connection.sendall(RESPONSE)
                if not self.keeps_connections:
                    break
            connection.shutdown(socket.SHUT_RDWR)
        self.has_closed.set()


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    recording = RecordingServer()
    yield recording
    recording.close()


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


def call(transport: Transport, server: RecordingServer) -> bytes:
    with transport.opened(sofasport.lineups(7)) as send:
        assert server.has_connection.wait(5)
        server.events.append("slot")
        return send()[1]


def transport_to(server: RecordingServer, session: requests.Session) -> Transport:
    return Transport(session, f"http://127.0.0.1:{server.port}", 5.0)


def test_a_connection_is_opened_before_the_slot_and_kept(server: RecordingServer, session: requests.Session) -> None:
    transport = transport_to(server, session)
    path = "/v1/events/lineups?event_id=7"
    assert [call(transport, server), call(transport, server)] == [b"{}", b"{}"]
    assert server.events == ["connection", "slot", path, "slot", path]


def test_a_connection_that_the_server_closed_is_opened_again_before_the_slot(
    server: RecordingServer, session: requests.Session
) -> None:
    transport = transport_to(server, session)
    server.keeps_connections = False
    call(transport, server)
    assert server.has_closed.wait(5)
    server.has_connection.clear()
    call(transport, server)
    assert [event for event in server.events if not event.startswith("/")] == ["connection", "slot"] * 2


def test_the_connection_to_a_proxy_is_opened_before_the_slot(
    server: RecordingServer, session: requests.Session
) -> None:
    session.proxies = {"http": f"http://127.0.0.1:{server.port}"}
    assert call(Transport(session, "http://source.invalid", 5.0), server) == b"{}"
    assert server.events == ["connection", "slot", "http://source.invalid/v1/events/lineups?event_id=7"]


def test_a_call_that_is_stopped_while_it_waits_for_its_slot_is_not_sent(
    server: RecordingServer, session: requests.Session
) -> None:
    transport = transport_to(server, session)
    with transport.opened(sofasport.lineups(7)):
        assert server.has_connection.wait(5)
    call(transport, server)
    assert server.events.count("/v1/events/lineups?event_id=7") == 1


def test_an_unreachable_source_is_reported_by_the_call(session: requests.Session) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    transport = Transport(session, f"http://127.0.0.1:{port}", 5.0)
    with transport.opened(sofasport.lineups(7)) as send, pytest.raises(RetryableError, match=r"\(ConnectionError\)"):
        send()
