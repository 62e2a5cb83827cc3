"""The HTTP client against a real HTTP server that misbehaves as each test requires."""

import json
import pkgutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
import requests

from fpl_pulse.api import fpl, sofasport
from fpl_pulse.api.calls import Call, Resource
from fpl_pulse.api.excerpts import MAX_SEARCHED
from fpl_pulse.api.http import KEY_HEADER, MAX_ATTEMPTS, ApiClient
from fpl_pulse.api.rate_limits import quota_resets_in_s
from fpl_pulse.errors import (
    AccessRefusedError,
    BadRequestError,
    FplPulseError,
    NoDataError,
    QuotaSpentError,
    RetryableError,
)

INCLUDE = Path(__file__).resolve().parents[2] / "include"
SECRET = "key-that-must-stay-secret"


@dataclass
class CannedResponse:
    """What the server sends next."""

    status: int = 200
    body: bytes = b'{"data": {"ok": true}}'
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    cut_at: int | None = None
    delay_s: float = 0.0
    sends_slowly: bool = False
    """One byte every tenth of a second, so that no single read runs into the time-out."""


@dataclass
class Source:
    """A server with a queue of responses, the last of which repeats, and a client that calls it."""

    responses: list[CannedResponse]
    paths: list[str]
    calls: list[Call]
    waits: list[float]
    """Seconds between the attempts, as the client requested them."""
    client: ApiClient


MakeSource = Callable[..., Source]


@pytest.fixture
def source() -> Iterator[MakeSource]:
    servers: list[ThreadingHTTPServer] = []

    def make(*responses: CannedResponse, timeout_s: float = 2.0) -> Source:
        queue, paths = list(responses), []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                paths.append(self.path)
                response = queue.pop(0) if len(queue) > 1 else queue[0]
                time.sleep(response.delay_s)
                self.send_response(response.status)
                for name, value in response.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(response.body)))
                self.end_headers()
                for at in range(len(response.body)) if response.sends_slowly else ():
                    time.sleep(0.1)
                    self.wfile.write(response.body[at : at + 1])
                if not response.sends_slowly:
                    self.wfile.write(response.body[: response.cut_at])

            def log_message(self, *_: object) -> None:
                """Keep the tests' output short."""

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: object) -> None:
                """Print nothing: some tests let the client hang up."""

        server = Server(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        session = requests.Session()
        session.trust_env = False
        session.headers["x-rapidapi-key"] = SECRET
        calls: list[Call] = []
        waits: list[float] = []
        client = ApiClient(
            "sofasport_api",
            session,
            f"http://127.0.0.1:{server.server_port}",
            wait_for_slot=lambda: None,
            record=calls.append,
            timeout_s=timeout_s,
            sleep=waits.append,
        )
        return Source(queue, paths, calls, waits, client)

    yield make
    for server in servers:
        server.shutdown()
        server.server_close()


def failure(status: int, message: str = "no", **headers: str) -> CannedResponse:
    body = json.dumps({"message": message}).encode()
    return CannedResponse(status, body, {"Content-Type": "application/json", **headers})


def test_sofasports_payload_comes_without_its_envelope(source: MakeSource) -> None:
    server = source(CannedResponse())
    assert server.client.get(sofasport.lineups(7), "test") == {"ok": True}
    assert server.paths == ["/v1/events/lineups?event_id=7"]


def test_fpls_payload_has_no_envelope_and_the_gameweek_is_in_the_path(source: MakeSource) -> None:
    server = source(CannedResponse(body=b'{"elements": []}'))
    assert server.client.get(fpl.live("2025-26", 7), "test") == {"elements": []}
    assert server.paths == ["/api/event/7/live/"]


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_a_short_outage_costs_one_more_call(source: MakeSource, status: int) -> None:
    server = source(failure(status), CannedResponse())
    assert server.client.get(sofasport.lineups(7), "test") == {"ok": True}
    assert [call.status for call in server.calls] == [status, 200]
    assert [call.attempt for call in server.calls] == [1, 2]


def test_a_lasting_outage_raises_after_the_last_attempt(source: MakeSource) -> None:
    server = source(failure(503, "down"))
    with pytest.raises(RetryableError, match=r"events/lineups event_id=7: status 503: down"):
        server.client.get(sofasport.lineups(7), "test")
    assert len(server.calls) == MAX_ATTEMPTS
    assert {call.outcome for call in server.calls} == {"RetryableError"}


@pytest.mark.parametrize("seconds", [7, 120])
def test_the_client_waits_as_long_as_retry_after_requests(source: MakeSource, seconds: int) -> None:
    server = source(failure(429, "Too many requests", **{"Retry-After": str(seconds)}), CannedResponse())
    server.client.get(sofasport.lineups(7), "test")
    assert server.waits == [float(seconds)]


def test_retry_after_can_be_a_date(source: MakeSource) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    server = source(failure(503, "down", **{"Retry-After": soon}), CannedResponse())
    server.client.get(sofasport.lineups(7), "test")
    assert server.waits == [pytest.approx(60, abs=10)]


@pytest.mark.parametrize("past_or_unreadable", ["Mon, 01 Jan 2001 00:00:00 GMT", "soon", "-5"])
def test_an_unusable_retry_after_falls_back_to_the_usual_backoff(source: MakeSource, past_or_unreadable: str) -> None:
    server = source(failure(503, "down", **{"Retry-After": past_or_unreadable}), CannedResponse())
    assert server.client.get(sofasport.lineups(7), "test") == {"ok": True}
    assert len(server.waits) == 1
    assert 0 <= server.waits[0] <= 20


def test_a_long_requested_wait_is_left_to_airflow(source: MakeSource) -> None:
    server = source(failure(429, "Too many requests", **{"Retry-After": "600"}))
    with pytest.raises(RetryableError, match="requests a wait of 600 s") as error:
        server.client.get(sofasport.lineups(7), "test")
    assert error.value.retry_after_s == 600
    assert server.waits == []
    assert len(server.calls) == 1


@pytest.mark.parametrize(
    "message",
    [
        "You have exceeded the MONTHLY quota for Requests on your current plan, BASIC.",
        "You have exceeded the DAILY quota for Requests",
        "daily request limit reached",
    ],
)
def test_a_spent_quota_stops_without_a_retry_and_names_the_connection(source: MakeSource, message: str) -> None:
    server = source(failure(429, message))
    with pytest.raises(QuotaSpentError, match="sofasport_api"):
        server.client.get(sofasport.lineups(7), "test")
    assert len(server.calls) == 1


@pytest.mark.parametrize(
    "message",
    [
        "Too many requests",
        "You have exceeded the rate limit per second for your plan, MONTHLY, by the API provider",
        "the quota of this second is used up",
    ],
)
def test_too_many_requests_per_second_are_retried(source: MakeSource, message: str) -> None:
    server = source(failure(429, message), CannedResponse())
    assert server.client.get(sofasport.lineups(7), "test") == {"ok": True}


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_stops_without_a_retry(source: MakeSource, status: int) -> None:
    server = source(failure(status, "Invalid API key"))
    with pytest.raises(AccessRefusedError, match=r"sofasport_api.* Invalid API key"):
        server.client.get(sofasport.lineups(7), "test")
    assert len(server.calls) == 1


@pytest.mark.parametrize("key", [SECRET, "a+b/c d=&\"'"])
@pytest.mark.parametrize("status", [200, 302, 400, 401, 403, 404, 429, 500])
def test_a_key_that_the_server_echoes_is_hidden(source: MakeSource, status: int, key: str) -> None:
    for echo in (key, quote(key), quote(key, safe="").lower(), quote_plus(key)):
        server = source(failure(status, f"The key {echo} is not known"))
        server.client._session.headers[KEY_HEADER] = key
        with pytest.raises(FplPulseError) as error:
            server.client.get(sofasport.lineups(7), "test")
        assert "The key *** is not known" in str(error.value)


@pytest.mark.parametrize(
    "body",
    [b"x" * 190 + SECRET.encode(), b" " * (MAX_SEARCHED - 5) + SECRET.encode(), b"key\x00" + SECRET.encode()],
    ids=["at the end of the excerpt", "at the end of what is searched", "after a control character"],
)
def test_no_part_of_a_key_remains_where_a_text_is_cut(source: MakeSource, body: bytes) -> None:
    server = source(CannedResponse(401, body))
    with pytest.raises(AccessRefusedError) as error:
        server.client.get(sofasport.lineups(7), "test")
    assert "key-" not in str(error.value)


def test_a_key_with_spaces_is_hidden_when_line_breaks_replace_them(source: MakeSource) -> None:
    server = source(failure(401, "your key\nof words"))
    server.client._session.headers[KEY_HEADER] = "key of words"
    with pytest.raises(AccessRefusedError, match=r"your \*\*\*"):
        server.client.get(sofasport.lineups(7), "test")


def test_an_excerpt_is_one_short_line_without_control_characters(source: MakeSource) -> None:
    server = source(failure(400, "first\nsecond\x1b[31m red\x00\u202e \u2028" + "long " * 100))
    with pytest.raises(BadRequestError) as error:
        server.client.get(sofasport.lineups(7), "test")
    excerpt = str(error.value).partition("SofaSport says: ")[2]
    assert excerpt.startswith("first second [31m red long long")
    assert excerpt.isprintable()
    assert len(excerpt) == 200


def test_sofasports_404_means_no_data_and_is_not_retried(source: MakeSource) -> None:
    server = source(CannedResponse(404, b'{"error": {"code": 404, "message": "Not Found"}}'))
    with pytest.raises(NoDataError):
        server.client.get(sofasport.lineups(7), "test")
    assert [call.outcome for call in server.calls] == ["no_data"]


def test_fpls_404_means_no_data(source: MakeSource) -> None:
    server = source(CannedResponse(404, b'{"detail": "Not found."}'))
    with pytest.raises(NoDataError):
        server.client.get(fpl.live("2025-26", 60), "test")


@pytest.mark.parametrize(
    "body",
    [
        b"<html><head><title>404 Not Found</title></head><center>nginx</center></html>",
        b"",
        b'{"error": {"code": 404, "mess',
    ],
    ids=["a web page", "an empty body", "cut JSON"],
)
@pytest.mark.parametrize("resource", [sofasport.lineups(7), fpl.bootstrap()], ids=["SofaSport", "FPL"])
def test_a_404_from_a_proxy_is_retried(source: MakeSource, body: bytes, resource: Resource) -> None:
    server = source(CannedResponse(404, body, {"Content-Type": "text/html"}))
    with pytest.raises(RetryableError, match="404"):
        server.client.get(resource, "test")
    assert len(server.calls) == MAX_ATTEMPTS


@pytest.mark.parametrize(
    "payload",
    [
        {"message": "Endpoint '/v1/events/lineups' does not exist"},
        {"message": "API doesn't exists"},
        {"error": "Not Found"},
        {"error": {"code": 500}},
        {"detail": "Not found."},
        {},
        [],
    ],
)
def test_a_missing_endpoint_is_a_bad_request_and_not_missing_data(source: MakeSource, payload: object) -> None:
    server = source(CannedResponse(404, json.dumps(payload).encode()))
    with pytest.raises(BadRequestError, match="no such endpoint"):
        server.client.get(sofasport.lineups(7), "test")
    assert len(server.calls) == 1


def test_sofasports_form_of_a_404_is_a_bad_request_when_fpl_sends_it(source: MakeSource) -> None:
    server = source(CannedResponse(404, b'{"error": {"code": 404}}'))
    with pytest.raises(BadRequestError):
        server.client.get(fpl.bootstrap(), "test")


@pytest.mark.parametrize(
    "response",
    [
        CannedResponse(body=b"<html>maintenance</html>", headers={"Content-Type": "text/html"}),
        CannedResponse(body=b'{"data": {"ok": tr'),
        CannedResponse(body=b'{"message": "error with status 200"}'),
        CannedResponse(body=b'{"data": null}'),
        CannedResponse(body=b'{"data": {"ok": true}}', cut_at=5),
        CannedResponse(body=b'{"data": "\xff"}'),
    ],
    ids=["a web page", "cut JSON", "an error with status 200", "null data", "a broken connection", "not UTF-8"],
)
def test_a_broken_response_is_requested_again(source: MakeSource, response: CannedResponse) -> None:
    server = source(response, CannedResponse())
    assert server.client.get(sofasport.lineups(7), "test") == {"ok": True}
    assert len(server.calls) == 2


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ("NaN", "holds NaN"),
        ("-Infinity", "holds -Infinity"),
        ("1e999", "number that is too large"),
        ("-1e999", "number that is too large"),
        ("9" * 5000, "number that is too large"),
        ("[" * 90_000 + "]" * 90_000, "nested deeper than 64 levels"),
        ("[" * 90 + "]" * 90, "nested deeper than 64 levels"),
        ("[" * 90_000, "nested deeper than 64 levels"),
    ],
    ids=[
        "NaN",
        "infinity",
        "1e999",
        "-1e999",
        "5000 digits",
        "90,000 levels",
        "90 levels",
        "90,000 levels never closed",
    ],
)
def test_json_that_postgres_cannot_store_is_a_broken_response(source: MakeSource, data: str, sentence: str) -> None:
    body = f'{{"data": {{"value": {data}}}}}'.encode()
    server = source(CannedResponse(body=body))
    with pytest.raises(RetryableError, match=f"events/lineups event_id=7: the JSON.* {sentence}"):
        server.client.get(sofasport.lineups(7), "test")
    assert {call.outcome for call in server.calls} == {"RetryableError"}


def test_a_deeply_nested_error_body_does_not_hide_the_status(source: MakeSource) -> None:
    server = source(CannedResponse(500, b"[" * 100_000), CannedResponse())
    assert server.client.get(sofasport.lineups(7), "test") == {"ok": True}


def test_a_slow_response_is_abandoned_after_the_limit_for_a_whole_response(source: MakeSource) -> None:
    server = source(CannedResponse(body=b" " * 100, sends_slowly=True), CannedResponse(), timeout_s=0.3)
    assert server.client.get(sofasport.lineups(7), "test") == {"ok": True}
    assert server.calls[0].outcome == "RetryableError"
    assert 1.1 < server.calls[0].seconds < 4


def test_an_unexpected_error_is_recorded_by_its_class_name(source: MakeSource, monkeypatch: pytest.MonkeyPatch) -> None:
    server = source(CannedResponse())

    def fail(*_: object, **__: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(server.client, "_payload", fail)
    with pytest.raises(RecursionError):
        server.client.get(sofasport.lineups(7), "test")
    monkeypatch.setattr(server.client._transport, "_get", fail)
    with pytest.raises(RecursionError):
        server.client.get(sofasport.lineups(7), "test")
    assert [(call.outcome, call.status) for call in server.calls] == [("RecursionError", 200), ("RecursionError", 0)]


def test_a_silent_server_is_abandoned_after_the_time_out(source: MakeSource) -> None:
    server = source(CannedResponse(delay_s=1.0), CannedResponse(), timeout_s=0.3)
    assert server.client.get(sofasport.lineups(7), "test") == {"ok": True}
    assert server.calls[0].status == 0


def test_a_redirect_is_not_followed_with_the_key(source: MakeSource) -> None:
    other = source(CannedResponse())
    server = source(CannedResponse(301, b"", {"Location": "http://127.0.0.1:1/elsewhere"}))
    with pytest.raises(BadRequestError, match="301"):
        server.client.get(sofasport.lineups(7), "test")
    assert other.paths == []


def test_every_call_is_recorded_with_the_remaining_quota(source: MakeSource) -> None:
    headers = {"Content-Type": "application/json", "x-ratelimit-requests-remaining": "41"}
    headers |= {"x-ratelimit-requests-reset": "3600"}
    server = source(CannedResponse(headers=headers))
    server.client.get(sofasport.lineups(7), "lineups")
    (call,) = server.calls
    assert (call.purpose, call.quota_remaining, call.outcome) == ("lineups", 41, "fetched")
    assert call.quota_resets_in_s == 3600
    assert call.size_bytes == len(CannedResponse().body)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0", 0), ("86400", 86_400), ("soon", None), ("-5", None), (None, None), ("99999999999", None)],
)
def test_a_quota_reset_is_a_number_of_seconds_or_unknown(text: str | None, seconds: float | None) -> None:
    assert quota_resets_in_s(text) == seconds


def test_a_quota_reset_as_a_unix_time_becomes_seconds_from_now() -> None:
    assert quota_resets_in_s(str(int(time.time()) + 600)) == pytest.approx(600, abs=2)
    assert quota_resets_in_s(str(int(time.time()) - 600)) == 0


def test_a_resources_key_lists_its_parameters_by_name() -> None:
    assert sofasport.heatmap(9, 4).key == "event_id=9&player_id=4"
    assert fpl.bootstrap().key == ""


def test_plain_data_and_the_store_import_without_an_http_library() -> None:
    import fpl_pulse.store

    names = [found.name for found in pkgutil.iter_modules(fpl_pulse.store.__path__, "fpl_pulse.store.")]
    names.append("fpl_pulse.api.calls")
    code = (
        "import sys, importlib\n"
        "class Block:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in ('requests', 'tenacity'):\n"
        "            raise ImportError(f'{name} is blocked here')\n"
        "sys.meta_path.insert(0, Block())\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        "try:\n"
        "    import fpl_pulse.api.http\n"
        "except ImportError as error:\n"
        "    print(error)\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=INCLUDE, check=False)
    assert result.returncode == 0, result.stderr[-500:]
    assert result.stdout == "requests is blocked here\n"
    assert len(names) > 10
