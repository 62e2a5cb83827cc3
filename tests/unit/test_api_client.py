"""The HTTP client against a real HTTP server that misbehaves on order."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from fpl_pulse.api import fpl, sofasport
from fpl_pulse.api.http import ATTEMPTS, ApiClient, Call
from fpl_pulse.errors import (
    AccessRefusedError,
    BadRequestError,
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
                self.wfile.write(answer.body[: answer.cut_at])

            def log_message(self, *_: object) -> None:
                """Keep the tests' output quiet."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
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
    assert server.client.get(fpl.live(7), "test") == {"elements": []}
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


def test_retry_after_is_honoured(source: MakeSource) -> None:
    server = source(broken(429, "Too many requests", **{"Retry-After": "7"}), Answer())
    server.client.get(sofasport.lineups(7), "test")
    assert server.naps == [7.0]


def test_a_spent_quota_stops_at_once_and_names_the_connection(source: MakeSource) -> None:
    server = source(broken(429, "You have exceeded the MONTHLY quota for Requests"))
    with pytest.raises(QuotaSpentError, match="sofasport_api"):
        server.client.get(sofasport.lineups(7), "test")
    assert len(server.calls) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_stops_at_once_and_is_never_shown(source: MakeSource, status: int) -> None:
    server = source(broken(status, "Invalid API key"))
    with pytest.raises(AccessRefusedError, match="sofasport_api") as refusal:
        server.client.get(sofasport.lineups(7), "test")
    assert len(server.calls) == 1
    assert SECRET not in str(refusal.value)


def test_nothing_there_is_a_fact_and_no_error_to_retry(source: MakeSource) -> None:
    server = source(Answer(404, b'{"error": {"code": 404, "message": "Not Found"}}'))
    with pytest.raises(NoDataError):
        server.client.get(sofasport.lineups(7), "test")
    assert [call.outcome for call in server.calls] == ["no_data"]


def test_an_endpoint_that_does_not_exist_is_our_bug_and_not_missing_data(source: MakeSource) -> None:
    server = source(broken(404, "Endpoint '/v1/events/lineups' does not exist"))
    with pytest.raises(BadRequestError, match="no such endpoint"):
        server.client.get(sofasport.lineups(7), "test")


@pytest.mark.parametrize(
    "answer",
    [
        Answer(body=b"<html>maintenance</html>", headers={"Content-Type": "text/html"}),
        Answer(body=b'{"data": {"ok": tr'),
        Answer(body=b'{"message": "error with status 200"}'),
        Answer(body=b'{"data": null}'),
        Answer(body=b'{"data": {"ok": true}}', cut_at=5),
    ],
    ids=["a web page", "cut JSON", "an error with status 200", "null data", "a broken connection"],
)
def test_a_broken_answer_is_asked_for_again(source: MakeSource, answer: Answer) -> None:
    server = source(answer, Answer())
    assert server.client.get(sofasport.lineups(7), "test") == {"ok": True}
    assert len(server.calls) == 2


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
    server = source(Answer(headers=headers))
    server.client.get(sofasport.lineups(7), "lineups")
    (call,) = server.calls
    assert (call.purpose, call.quota_remaining, call.outcome) == ("lineups", 41, "answered")
    assert call.size_bytes == len(Answer().body)


def test_a_resource_is_known_by_its_parameters_in_order_of_name() -> None:
    assert sofasport.heatmap(9, 4).key == "event_id=9&player_id=4"
    assert fpl.bootstrap().key == ""
