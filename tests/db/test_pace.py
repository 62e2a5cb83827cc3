"""One pace for all tasks, as the server counts it: slower after a 429, and faster again with time."""

import bisect
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg
import pytest
import requests

from fpl_pulse.api import sofasport
from fpl_pulse.api.calls import Call
from fpl_pulse.store.pace import MAX_LATENESS_S, MIN_CALLS_PER_SECOND, SLOT_SPACING, Pace

MATCH = sofasport.lineups(7)


class CountingServer(ThreadingHTTPServer):
    """A server that records when each call arrives."""

    def __init__(self) -> None:
        self.arrivals: list[float] = []
        arrivals = self.arrivals

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                arrivals.append(time.monotonic())
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)

    def most_in_a_second(self) -> int:
        """The most calls in any window of one second."""
        times = sorted(self.arrivals)
        return max(bisect.bisect_left(times, start + 1.0) - index for index, start in enumerate(times))


@pytest.fixture
def server() -> Iterator[CountingServer]:
    counting = CountingServer()
    thread = threading.Thread(target=counting.serve_forever, daemon=True)
    thread.start()
    yield counting
    counting.shutdown()
    counting.server_close()


def refused(status: int = 429, outcome: str = "RetryableError") -> Call:
    return Call(MATCH, "lineups", 1, status, outcome, 0.1, 10, None)


@pytest.mark.parametrize("rate", [5, 20])
def test_no_second_holds_more_calls_than_the_rate_and_few_slots_are_wasted(
    dsn: str, server: CountingServer, rate: int
) -> None:
    seconds, tasks = 6, 4

    def call(_: int) -> None:
        with psycopg.connect(dsn, autocommit=True) as conn, requests.Session() as session:
            pace = Pace(conn, "sofasport", rate)
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                pace.wait_for_slot()
                session.get(f"http://127.0.0.1:{server.server_port}/", timeout=5)

    with ThreadPoolExecutor(tasks) as pool:
        list(pool.map(call, range(tasks)))
    assert server.most_in_a_second() <= rate
    lasted = max(server.arrivals) - min(server.arrivals)
    assert (len(server.arrivals) - 1) / lasted >= 0.95 * rate * 0.98


def test_a_task_that_wakes_up_too_late_takes_another_slot(conn: psycopg.Connection) -> None:
    slept: list[float] = []

    def oversleep(seconds: float) -> None:
        slept.append(seconds)
        time.sleep(seconds + (2 * MAX_LATENESS_S if len(slept) == 1 else 0.0))

    pace = Pace(conn, "sofasport", 10, sleep=oversleep)
    pace.wait_for_slot()
    started = time.monotonic()
    pace.wait_for_slot()
    assert len(slept) == 2
    assert time.monotonic() - started >= 2 * SLOT_SPACING / 10 - MAX_LATENESS_S


def test_a_slot_that_is_due_at_once_never_means_a_negative_wait(conn: psycopg.Connection) -> None:
    ticks = iter(range(10**6))
    slept: list[float] = []
    pace = Pace(conn, "sofasport", 10, sleep=slept.append, clock=lambda: next(ticks) * MAX_LATENESS_S / 3)
    for _ in range(20):
        pace.wait_for_slot()
    assert min(slept, default=0.0) >= 0


def rate_of(conn: psycopg.Connection, later_s: float = 0.0) -> float:
    row = conn.execute(
        "select pulse.current_rate(pace, 8, clock_timestamp() + %s * interval '1 second') from pulse.api_pace as pace",
        (later_s,),
    ).fetchone()
    assert row is not None
    return float(row[0])


def test_a_429_slows_all_tasks_down_and_the_rate_recovers_with_time(conn: psycopg.Connection, dsn: str) -> None:
    pace = Pace(conn, "sofasport", 8)
    pace.wait_for_slot()
    pace.on_response(refused())
    assert rate_of(conn) == 4
    with psycopg.connect(dsn, autocommit=True) as other:
        started = time.monotonic()
        Pace(other, "sofasport", 8).wait_for_slot()
        assert time.monotonic() - started >= 0.9
    assert rate_of(conn, 11) == pytest.approx(4 * 1.1**2)
    assert rate_of(conn, 60) == 8


def test_simultaneous_429s_count_once_and_the_rate_has_a_minimum(conn: psycopg.Connection) -> None:
    pace = Pace(conn, "sofasport", 8)
    pace.wait_for_slot()
    for _ in range(5):
        pace.on_response(refused())
    assert rate_of(conn) == 4
    for _ in range(9):
        conn.execute("update pulse.api_pace set slowed_at = slowed_at - interval '3 seconds'")
        pace.on_response(refused())
    assert rate_of(conn) == MIN_CALLS_PER_SECOND


@pytest.mark.parametrize("call", [refused(503), refused(200, "fetched"), refused(429, "QuotaSpentError")])
def test_outages_and_a_spent_quota_leave_the_pace_alone(conn: psycopg.Connection, call: Call) -> None:
    pace = Pace(conn, "sofasport", 8)
    pace.wait_for_slot()
    pace.on_response(call)
    assert rate_of(conn) == 8


def test_each_api_has_its_own_pace(conn: psycopg.Connection) -> None:
    slow = Pace(conn, "sofasport", 0.2)
    slow.wait_for_slot()
    started = time.monotonic()
    Pace(conn, "fpl", 0.2).wait_for_slot()
    assert time.monotonic() - started < 1


def test_no_slot_is_taken_inside_a_transaction(conn: psycopg.Connection) -> None:
    with conn.transaction(), pytest.raises(RuntimeError, match="inside a database transaction"):
        Pace(conn, "sofasport", 50).wait_for_slot()


def test_a_rate_of_zero_is_refused(conn: psycopg.Connection) -> None:
    with pytest.raises(ValueError, match="above 0 calls a second"):
        Pace(conn, "sofasport", 0)
