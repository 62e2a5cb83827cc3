"""The HTTP client against a real HTTP server that misbehaves on order."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, quote_plus

import pytest
import requests

from fpl_pulse.api import fpl, sofasport
from fpl_pulse.api.bodies import READ_FOR_EXCERPT
from fpl_pulse.api.calls import Call, Resource
from fpl_pulse.api.headers import reset_wait_s
from fpl_pulse.api.http import ATTEMPTS, KEY_HEADER, ApiClient
from fpl_pulse.errors import (
    AccessRefusedError,
    BadRequestError,
    FplPulseError,
    NoDataError,
    QuotaSpentError,
    RetryableError,
)

SECRET = "key-that-nobody-may-see"


@dataclass
class Answer:
    """What the server says next."""

    status: int = 200
    body: bytes = b'{"data": {"ok": true}}'
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    cut_at: int | None = None
    delay_s: float = 0.0
    drips: bool = False
    """One byte every tenth of a second: no single read is silent for long."""


@dataclass
class Source:
    """A server with a queue of answers, the last of which repeats, and the client that calls it."""

    answers: list[Answer]
    paths: list[str]
    calls: list[Call]
    naps: list[float]
    client: ApiClient


MakeSource = Callable[..., Source]


@pytest.fixture
def source() -> Iterator[MakeSource]:
    servers: list[ThreadingHTTPServer] = []

    def make(*answers: Answer, timeout_s: float = 2.0) -> Source:
        queue, paths = list(answers), []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                paths.append(self.path)
                answer = queue.pop(0) if len(queue) > 1 else queue[0]
                time.sleep(answer.delay_s)
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                for at in range(len(answer.body)) if answer.drips else ():
                    time.sleep(0.1)
                    self.wfile.write(answer.body[at : at + 1])
                if not answer.drips:
                    self.wfile.write(answer.body[: answer.cut_at])

            def log_message(self, *_: object) -> None:
                """Keep the tests' output quiet."""

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: object) -> None:
                """A client that has hung up is what some tests are about."""

        server = Server(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        session = requests.Session()
        session.trust_env = False
        session.headers["x-rapidapi-key"] = SECRET
        calls: list[Call] = []
        naps: list[float] = []
        client = ApiClient(
            "sofasport_api",
            session,
            f"http://127.0.0.1:{server.server_port}",
            wait_for_slot=lambda: None,
            record=calls.append,
            timeout_s=timeout_s,
            sleep=naps.append,
        )
        return Source(queue, paths, calls, naps, client)

    yield make
    for server in servers:
        server.shutdown()
        server.server_close()


def broken(status: int, message: str = "no", **headers: str) -> Answer:
    body = json.dumps({"message": message}).encode()
    return Answer(status, body, {"Content-Type": "application/json", **headers})


def test_a_good_answer_comes_without_its_envelope(source: MakeSource) -> None:
    server = source(Answer())
    assert server.client.get(sofasport.lineups(7), "test") == {"ok": True}
    assert server.paths == ["/v1/events/lineups?event_id=7"]


def test_fpl_has_no_envelope_and_the_gameweek_is_part_of_the_path(source: MakeSource) -> None:
    server = source(Answer(body=b'{"elements": []}'))
    assert server.client.get(fpl.live("2025-26", 7), "test") == {"elements": []}
    assert server.paths == ["/api/event/7/live/"]


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_an_outage_that_passes_costs_one_more_call(source: MakeSource, status: int) -> None:
    server = source(broken(status), Answer())
    assert server.client.get(sofasport.lineups(7), "test") == {"ok": True}
    assert [call.status for call in server.calls] == [status, 200]
    assert [call.attempt for call in server.calls] == [1, 2]


def test_an_outage_that_stays_ends_after_the_attempts_and_is_no_empty_answer(source: MakeSource) -> None:
    server = source(broken(503, "down"))
    with pytest.raises(RetryableError, match=r"events/lineups event_id=7: status 503: down"):
        server.client.get(sofasport.lineups(7), "test")
    assert len(server.calls) == ATTEMPTS
    assert {call.outcome for call in server.calls} == {"RetryableError"}


@pytest.mark.parametrize("seconds", [7, 120])
def test_retry_after_is_honoured(source: MakeSource, seconds: int) -> None:
    server = source(broken(429, "Too many requests", **{"Retry-After": str(seconds)}), Answer())
    server.client.get(sofasport.lineups(7), "test")
    assert server.naps == [float(seconds)]


def test_retry_after_may_be_a_date(source: MakeSource) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    server = source(broken(503, "down", **{"Retry-After": soon}), Answer())
    server.client.get(sofasport.lineups(7), "test")
    assert server.naps == [pytest.approx(60, abs=10)]


@pytest.mark.parametrize("past_or_unreadable", ["Mon, 01 Jan 2001 00:00:00 GMT", "soon", "-5"])
def test_a_senseless_retry_after_holds_up_nothing(source: MakeSource, past_or_unreadable: str) -> None:
    server = source(broken(503, "down", **{"Retry-After": past_or_unreadable}), Answer())
    assert server.client.get(sofasport.lineups(7), "test") == {"ok": True}
    assert len(server.naps) == 1
    assert 0 <= server.naps[0] <= 20


def test_a_long_wait_is_left_to_the_scheduler(source: MakeSource) -> None:
    server = source(broken(429, "Too many requests", **{"Retry-After": "600"}))
    with pytest.raises(RetryableError, match="asks to wait 600 s") as error:
        server.client.get(sofasport.lineups(7), "test")
    assert error.value.retry_after_s == 600
    assert server.naps == []
    assert len(server.calls) == 1


@pytest.mark.parametrize(
    "message",
    [
        "You have exceeded the MONTHLY quota for Requests on your current plan, BASIC.",
        "You have exceeded the DAILY quota for Requests",
        "daily request limit reached",
    ],
)
def test_a_spent_quota_stops_at_once_and_names_the_connection(source: MakeSource, message: str) -> None:
    server = source(broken(429, message))
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
def test_too_many_requests_in_a_second_pass(source: MakeSource, message: str) -> None:
    server = source(broken(429, message), Answer())
    assert server.client.get(sofasport.lineups(7), "test") == {"ok": True}


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_stops_at_once(source: MakeSource, status: int) -> None:
    server = source(broken(status, "Invalid API key"))
    with pytest.raises(AccessRefusedError, match=r"sofasport_api.* Invalid API key"):
        server.client.get(sofasport.lineups(7), "test")
    assert len(server.calls) == 1


@pytest.mark.parametrize("key", [SECRET, "a+b/c d=&\"'"])
@pytest.mark.parametrize("status", [200, 302, 400, 401, 403, 404, 429, 500])
def test_a_key_that_the_server_echoes_is_never_shown(source: MakeSource, status: int, key: str) -> None:
    for echo in (key, quote(key), quote(key, safe="").lower(), quote_plus(key)):
        server = source(broken(status, f"The key {echo} is not known"))
        server.client._session.headers[KEY_HEADER] = key
        with pytest.raises(FplPulseError) as error:
            server.client.get(sofasport.lineups(7), "test")
        assert "The key *** is not known" in str(error.value)


@pytest.mark.parametrize(
    "body",
    [
        b"x" * 190 + SECRET.encode(),
        b" " * (READ_FOR_EXCERPT - 5) + SECRET.encode(),
        b"key\x00" + SECRET.encode(),
    ],
    ids=["at the end of the excerpt", "at the end of what is read", "behind a control character"],
)
def test_no_half_of_a_key_is_left_where_a_text_is_cut(source: MakeSource, body: bytes) -> None:
    server = source(Answer(401, body))
    with pytest.raises(AccessRefusedError) as error:
        server.client.get(sofasport.lineups(7), "test")
    assert "key-" not in str(error.value)


def test_a_key_with_a_space_is_hidden_where_a_line_break_stands_for_it(source: MakeSource) -> None:
    server = source(broken(401, "your key\nof words"))
    server.client._session.headers[KEY_HEADER] = "key of words"
    with pytest.raises(AccessRefusedError, match=r"your \*\*\*"):
        server.client.get(sofasport.lineups(7), "test")


def test_a_text_of_others_becomes_one_short_line_without_control_characters(source: MakeSource) -> None:
    server = source(broken(400, "first\nsecond\x1b[31m red\x00\u202e \u2028" + "long " * 100))
    with pytest.raises(BadRequestError) as error:
        server.client.get(sofasport.lineups(7), "test")
    said = str(error.value).partition("status 400: ")[2]
    assert said.startswith("first second [31m red long long")
    assert said.isprintable()
    assert len(said) == 200


def test_nothing_there_is_a_fact_and_no_error_to_retry(source: MakeSource) -> None:
    server = source(Answer(404, b'{"error": {"code": 404, "message": "Not Found"}}'))
    with pytest.raises(NoDataError):
        server.client.get(sofasport.lineups(7), "test")
    assert [call.outcome for call in server.calls] == ["no_data"]


def test_fpl_has_words_of_its_own_for_nothing_there(source: MakeSource) -> None:
    server = source(Answer(404, b'{"detail": "Not found."}'))
    with pytest.raises(NoDataError):
        server.client.get(fpl.live("2025-26", 60), "test")


@pytest.mark.parametrize(
    "body",
    [
        b"<html><head><title>404 Not Found</title></head><center>nginx</center></html>",
        b"",
        b'{"error": {"code": 404, "mess',
    ],
    ids=["a web page", "nothing", "cut JSON"],
)
@pytest.mark.parametrize("resource", [sofasport.lineups(7), fpl.bootstrap()], ids=["SofaSport", "FPL"])
def test_a_404_of_a_proxy_is_not_missing_data(source: MakeSource, body: bytes, resource: Resource) -> None:
    server = source(Answer(404, body, {"Content-Type": "text/html"}))
    with pytest.raises(RetryableError, match="404"):
        server.client.get(resource, "test")
    assert len(server.calls) == ATTEMPTS


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
def test_an_endpoint_that_does_not_exist_is_our_bug_and_not_missing_data(
    source: MakeSource, payload: object
) -> None:
    server = source(Answer(404, json.dumps(payload).encode()))
    with pytest.raises(BadRequestError, match="no such endpoint"):
        server.client.get(sofasport.lineups(7), "test")
    assert len(server.calls) == 1


def test_sofasports_word_for_nothing_means_nothing_from_fpl(source: MakeSource) -> None:
    server = source(Answer(404, b'{"error": {"code": 404}}'))
    with pytest.raises(BadRequestError):
        server.client.get(fpl.bootstrap(), "test")


@pytest.mark.parametrize(
    "answer",
    [
        Answer(body=b"<html>maintenance</html>", headers={"Content-Type": "text/html"}),
        Answer(body=b'{"data": {"ok": tr'),
        Answer(body=b'{"message": "error with status 200"}'),
        Answer(body=b'{"data": null}'),
        Answer(body=b'{"data": {"ok": true}}', cut_at=5),
        Answer(body=b'{"data": "\xff"}'),
    ],
    ids=[
        "a web page",
        "cut JSON",
        "an error with status 200",
        "null data",
        "a broken connection",
        "no UTF-8",
    ],
)
def test_a_broken_answer_is_asked_for_again(source: MakeSource, answer: Answer) -> None:
    server = source(answer, Answer())
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
        "a well",
        "a deep hole",
        "a hole without an end",
    ],
)
def test_json_that_no_database_can_hold_is_broken_json(source: MakeSource, data: str, sentence: str) -> None:
    body = f'{{"data": {{"value": {data}}}}}'.encode()
    server = source(Answer(body=body))
    with pytest.raises(RetryableError, match=f"events/lineups event_id=7: the JSON.* {sentence}"):
        server.client.get(sofasport.lineups(7), "test")
    assert {call.outcome for call in server.calls} == {"RetryableError"}


def test_an_error_nested_without_end_is_still_an_error_of_the_server(source: MakeSource) -> None:
    server = source(Answer(500, b"[" * 100_000), Answer())
    assert server.client.get(sofasport.lineups(7), "test") == {"ok": True}


def test_a_server_that_drips_bytes_is_left_after_the_time_for_a_whole_answer(source: MakeSource) -> None:
    server = source(Answer(body=b" " * 100, drips=True), Answer(), timeout_s=0.3)
    assert server.client.get(sofasport.lineups(7), "test") == {"ok": True}
    assert server.calls[0].outcome == "RetryableError"
    assert 1.1 < server.calls[0].seconds < 4


def test_an_unexpected_error_is_in_the_ledger_by_its_name(
    source: MakeSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = source(Answer())

    def fail(*_: object, **__: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(server.client, "_payload", fail)
    with pytest.raises(RecursionError):
        server.client.get(sofasport.lineups(7), "test")
    monkeypatch.setattr(server.client, "_get", fail)
    with pytest.raises(RecursionError):
        server.client.get(sofasport.lineups(7), "test")
    assert [(call.outcome, call.status) for call in server.calls] == [
        ("RecursionError", 200),
        ("RecursionError", 0),
    ]


def test_a_silent_server_is_left_after_the_time_out(source: MakeSource) -> None:
    server = source(Answer(delay_s=1.0), Answer(), timeout_s=0.3)
    assert server.client.get(sofasport.lineups(7), "test") == {"ok": True}
    assert server.calls[0].status == 0


def test_a_redirect_is_not_followed_with_the_key(source: MakeSource) -> None:
    other = source(Answer())
    server = source(Answer(302, b"", {"Location": "http://127.0.0.1:1/elsewhere"}))
    with pytest.raises(BadRequestError, match="302"):
        server.client.get(sofasport.lineups(7), "test")
    assert other.paths == []


def test_every_call_is_recorded_with_what_is_left_of_the_quota(source: MakeSource) -> None:
    headers = {"Content-Type": "application/json", "x-ratelimit-requests-remaining": "41"}
    headers |= {"x-ratelimit-requests-reset": "3600"}
    server = source(Answer(headers=headers))
    server.client.get(sofasport.lineups(7), "lineups")
    (call,) = server.calls
    assert (call.purpose, call.quota_remaining, call.outcome) == ("lineups", 41, "fetched")
    assert call.quota_resets_in_s == 3600
    assert call.size_bytes == len(Answer().body)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0", 0), ("86400", 86_400), ("soon", None), ("-5", None), (None, None), ("99999999999", None)],
)
def test_a_reset_is_read_in_seconds_and_anything_else_is_unknown(
    text: str | None, seconds: float | None
) -> None:
    assert reset_wait_s(text) == seconds


def test_a_reset_given_as_a_moment_is_turned_into_seconds() -> None:
    assert reset_wait_s(str(int(time.time()) + 600)) == pytest.approx(600, abs=2)
    assert reset_wait_s(str(int(time.time()) - 600)) == 0


def test_a_resource_is_known_by_its_parameters_in_order_of_name() -> None:
    assert sofasport.heatmap(9, 4).key == "event_id=9&player_id=4"
    assert fpl.bootstrap().key == ""
