"""The clock of a data source that does not show the present."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from fpl_pulse.api import source_clock
from fpl_pulse.errors import RetryableError

OCTOBER = datetime(2025, 10, 13, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 29, 15, tzinfo=UTC)


class Clock(BaseHTTPRequestHandler):
    """Answers with the class's body."""

    body = b""
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.send_header("location", "/elsewhere")
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Clock]]:
    """A clock whose answer a test can set, named by the setting."""

    class OwnClock(Clock):
        body = json.dumps({"as_of": "2025-10-13T01:00:00Z", "seed": 7}).encode()

    server = HTTPServer(("127.0.0.1", 0), OwnClock)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    monkeypatch.setenv(source_clock.SOURCE_CLOCK, f"http://127.0.0.1:{server.server_port}/clock")
    yield OwnClock
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("value", [None, ""])
def test_without_the_setting_the_time_stays(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    monkeypatch.delenv(source_clock.SOURCE_CLOCK, raising=False)
    if value is not None:
        monkeypatch.setenv(source_clock.SOURCE_CLOCK, value)
    assert source_clock.not_after_source(NOW) == NOW
    assert not source_clock.is_set()


@pytest.mark.usefixtures("clock")
def test_no_time_is_later_than_the_clock_of_the_source() -> None:
    assert source_clock.is_set()
    assert source_clock.not_after_source(NOW) == OCTOBER
    earlier = datetime(2025, 9, 1, tzinfo=UTC)
    assert source_clock.not_after_source(earlier) == earlier


@pytest.mark.usefixtures("clock")
def test_the_clock_is_read_without_the_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert source_clock.not_after_source(NOW) == OCTOBER


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b'"x"', b'{"as_of": null}', b'{"as_of": "soon"}', b'{"as_of": "2025-10-13T01:00:00"}']
)
def test_an_answer_without_a_time_is_an_error_that_names_the_setting(clock: type[Clock], body: bytes) -> None:
    clock.body = body
    with pytest.raises(RetryableError, match=r"gives no time.*FPL_PULSE_SOURCE_CLOCK_URL"):
        source_clock.not_after_source(NOW)


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_refusal_or_a_redirect_is_an_error(clock: type[Clock], status: int) -> None:
    clock.status, clock.body = status, b""
    with pytest.raises(RetryableError, match="gives no time"):
        source_clock.not_after_source(NOW)


def test_a_clock_that_does_not_respond_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(source_clock.SOURCE_CLOCK, "http://127.0.0.1:1/clock")
    with pytest.raises(RetryableError, match=r"gives no time \(ConnectionError\)"):
        source_clock.not_after_source(NOW)
