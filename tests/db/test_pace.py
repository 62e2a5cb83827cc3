"""One pace for all tasks, as the server counts it: slower after repeated 429s, and faster again with time."""

import time
from datetime import datetime

import psycopg
import pytest

from dev.bench.pace import Fetches, measure_pace
from dev.sandbox.process import KEY
from fpl_pulse.api import sofasport
from fpl_pulse.api.calls import Call
from fpl_pulse.store.pace import (
    MAX_LATENESS_S,
    MIN_CALLS_PER_SECOND,
    REPEATED_WITHIN_S,
    SHORTEST_DISTANCE,
    SPARE_S,
    Pace,
)

MATCH = sofasport.lineups(7)


def refused(status: int = 429, outcome: str = "RetryableError") -> Call:
    return Call(MATCH, "lineups", 1, status, outcome, 0.1, 10, None)


@pytest.mark.parametrize("rate", [5, 20])
def test_no_second_of_the_server_holds_more_calls_than_the_rate(dsn: str, sandbox: str, rate: int) -> None:
    fetches = Fetches(dsn, sandbox, KEY, rate=rate, calls=5 * rate, tasks_at_once=6, startup_s=0.05)
    # A machine that is busy with other tests may delay one call. A wrong pace is wrong each time.
    for _ in range(3):
        figures = measure_pace(fetches)
        assert figures.failed_tasks == 0
        if figures.most_in_one_second <= rate and figures.span_over_ideal <= 1.3:
            break
    assert figures.most_in_one_second <= rate
    assert figures.refused == 0
    assert figures.span_over_ideal <= 1.3


def test_a_plan_that_allows_less_than_the_rate_slows_the_tasks_down_and_fails_none(dsn: str, sandbox: str) -> None:
    figures = measure_pace(Fetches(dsn, sandbox, KEY, rate=20, plan_rate=5, calls=40, tasks_at_once=4))
    assert figures.failed_tasks == 0
    assert 2 <= figures.refused <= 30
    with psycopg.connect(dsn) as conn:
        row = conn.execute("select slowed_to from pulse.api_pace where slowed_to < 20").fetchone()
        assert row is not None


class TestSlots:
    """The times of the slots, without waiting for them."""

    @staticmethod
    def take(conn: psycopg.Connection, rate: float, calls: int) -> list[datetime]:
        """Take slots and do not wait for them."""
        pace = Pace(conn, "sofasport", rate, sleep=lambda _: None, clock=lambda: 0.0)
        taken = []
        for _ in range(calls):
            pace.wait_for_slot()
            taken.append(newest_slots(conn)[0])
        return taken

    @pytest.mark.parametrize("rate", [1, 5, 27])
    def test_a_second_and_the_spare_time_hold_as_many_slots_as_the_rate(
        self, conn: psycopg.Connection, rate: int
    ) -> None:
        slots = self.take(conn, rate, 3 * rate + 1)
        distances = [(later - slot).total_seconds() for slot, later in zip(slots, slots[rate:], strict=False)]
        assert min(distances) >= 1 + SPARE_S - 1e-6
        assert (slots[-1] - slots[0]).total_seconds() <= 3 * (1 + SPARE_S) + 0.5

    def test_slots_that_nobody_took_can_be_taken_later(self, conn: psycopg.Connection) -> None:
        self.take(conn, 10, 2)
        conn.execute(
            "update pulse.api_pace set next_slot_at = next_slot_at - interval '0.5 seconds',"
            " slots = array(select slot - interval '0.5 seconds' from unnest(slots) as slot)"
        )
        slots = self.take(conn, 10, 8)
        # On average a tenth of a second apart; now half of it.
        assert (slots[-1] - slots[0]).total_seconds() == pytest.approx(7 * SHORTEST_DISTANCE / 10, abs=0.1)

    @pytest.mark.parametrize("rate", [0.5, 2.5])
    def test_a_rate_that_is_not_a_whole_number_is_kept_on_average(self, conn: psycopg.Connection, rate: float) -> None:
        slots = self.take(conn, rate, 13)
        assert 12 / rate * 0.95 <= (slots[-1] - slots[0]).total_seconds() <= 12 / rate * 1.1

    def test_the_row_keeps_only_the_slots_that_it_needs(self, conn: psycopg.Connection) -> None:
        self.take(conn, 2.5, 9)
        assert len(newest_slots(conn)) == 3


def newest_slots(conn: psycopg.Connection) -> list[datetime]:
    row = conn.execute("select slots from pulse.api_pace").fetchone()
    assert row is not None
    return list(row[0])


def test_a_task_that_wakes_up_too_late_gives_its_slot_back_and_takes_another_one(conn: psycopg.Connection) -> None:
    pace = Pace(conn, "sofasport", 1000)
    pace.wait_for_slot()
    late = iter([0.0, 2 * MAX_LATENESS_S, 0.0, 0.0])
    Pace(conn, "sofasport", 1000, sleep=lambda _: None, clock=lambda: next(late)).wait_for_slot()
    assert list(late) == []
    assert len(newest_slots(conn)) == 2


def test_a_task_that_is_always_late_calls_in_the_end(conn: psycopg.Connection) -> None:
    ticks = iter(range(100))
    Pace(conn, "sofasport", 1000, sleep=lambda _: None, clock=lambda: float(next(ticks))).wait_for_slot()
    assert len(newest_slots(conn)) == 1


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


def age_refusal(conn: psycopg.Connection, seconds: float) -> None:
    conn.execute("update pulse.api_pace set refused_at = refused_at - %s * interval '1 second'", (seconds,))


def test_a_lone_429_pauses_all_tasks_and_keeps_the_rate(conn: psycopg.Connection, dsn: str) -> None:
    pace = Pace(conn, "sofasport", 8)
    pace.wait_for_slot()
    pace.on_response(refused())
    assert rate_of(conn) == 8
    with psycopg.connect(dsn, autocommit=True) as other:
        started = time.monotonic()
        Pace(other, "sofasport", 8).wait_for_slot()
        assert time.monotonic() - started >= 0.9
    age_refusal(conn, REPEATED_WITHIN_S + 1)
    pace.on_response(refused())
    assert rate_of(conn) == 8


def test_a_repeated_429_halves_the_rate_which_recovers_with_time(conn: psycopg.Connection) -> None:
    pace = Pace(conn, "sofasport", 8)
    pace.wait_for_slot()
    pace.on_response(refused())
    age_refusal(conn, REPEATED_WITHIN_S - 3)
    pace.on_response(refused())
    assert rate_of(conn) == 4
    assert rate_of(conn, 11) == pytest.approx(4 * 1.1**2)
    assert rate_of(conn, 60) == 8


def test_simultaneous_429s_count_once_and_the_rate_has_a_minimum(conn: psycopg.Connection) -> None:
    pace = Pace(conn, "sofasport", 8)
    pace.wait_for_slot()
    for _ in range(5):
        pace.on_response(refused())
    assert rate_of(conn) == 8
    for _ in range(9):
        age_refusal(conn, 3)
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
