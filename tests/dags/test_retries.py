"""Which failures are retried, after how long and until when. The clock is the wall clock, also in a backfill."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from airflow.sdk.exceptions import AirflowTaskTimeout
from psycopg import OperationalError

from fpl_pulse.airflow.retries import FEW_RETRIES, LONGEST_PAUSE, RETRIES, Attempt, decide
from fpl_pulse.errors import CheckFailedError, QuotaPauseError, QuotaSpentError, RetryableError
from fpl_pulse.week import LONGEST_RETRYING, PIPELINES, next_slot, retries_end, slot_of

MONDAY = datetime(2025, 10, 13, 1, tzinfo=UTC)
ENDS_AT = MONDAY + timedelta(hours=24)
HOUR = timedelta(hours=1)


def pauses(error: BaseException, ends_at: datetime | None = ENDS_AT, *, calls_source: bool = False) -> list[timedelta]:
    """The pauses of a task that fails at once every time, from Monday's slot."""

    def each() -> Iterator[timedelta]:
        now = MONDAY
        for number in range(1, RETRIES + 1):
            decision = decide(error, Attempt(number, ends_at, calls_source), now)
            if decision.action.value == "fail":
                return
            assert decision.retry_delay is not None
            now += decision.retry_delay
            yield decision.retry_delay
        raise AssertionError("Airflow's limit ended the retries")

    return list(each())


@pytest.mark.parametrize("error", [RetryableError("down"), ConnectionResetError(), OperationalError("no server")])
def test_an_outage_is_retried_with_growing_pauses_until_the_run_is_needed(error: BaseException) -> None:
    waited = pauses(error)
    seconds = [pause.total_seconds() for pause in waited]
    assert seconds[:7] == [30, 60, 120, 240, 480, 900, 1200]
    assert sorted(waited[:-1]) == waited[:-1]
    # The last attempt begins when the time for retries ends.
    assert MONDAY + sum(waited, timedelta()) == ENDS_AT
    assert len(waited) < RETRIES


@pytest.mark.parametrize("error", [QuotaSpentError("spent"), CheckFailedError(["lacks"]), KeyError("a bug")])
def test_what_somebody_must_fix_is_not_retried(error: BaseException) -> None:
    assert pauses(error) == []


@pytest.mark.parametrize("error", [RuntimeError("unknown"), AirflowTaskTimeout()])
def test_an_error_of_an_unknown_kind_has_few_retries(error: BaseException) -> None:
    assert len(pauses(error)) == FEW_RETRIES


def test_the_time_limit_of_a_task_that_calls_the_source_is_an_outage() -> None:
    assert len(pauses(AirflowTaskTimeout(), calls_source=True)) > 50


def test_a_manual_run_has_few_retries_because_its_operator_waits() -> None:
    waited = pauses(RetryableError("down"), ends_at=None)
    assert len(waited) == FEW_RETRIES
    assert sum(waited, timedelta()) < timedelta(minutes=5)


def test_a_run_that_is_late_still_has_the_few_retries() -> None:
    assert len(pauses(RetryableError("down"), ends_at=MONDAY - HOUR)) == FEW_RETRIES


@pytest.mark.parametrize("number", [1, 9])
def test_a_long_wait_of_the_server_is_waited_for_when_it_ends_in_time(number: int) -> None:
    hour = QuotaPauseError("the quota of this hour is spent", 3600)
    in_time = decide(hour, Attempt(number, ENDS_AT), MONDAY)
    assert (in_time.action.value, in_time.retry_delay) == ("retry", HOUR)
    late = decide(hour, Attempt(number, MONDAY + HOUR / 2), MONDAY)
    assert late.action.value == "fail"
    assert "a wait of 1 hour" in str(late.reason)
    assert decide(hour, Attempt(number, None), MONDAY).action.value == "fail"


def test_a_short_wait_of_the_server_does_not_shorten_the_pause() -> None:
    decision = decide(RetryableError("busy", 1), Attempt(12, ENDS_AT), MONDAY)
    assert decision.retry_delay == LONGEST_PAUSE


@pytest.mark.parametrize(
    ("dag_id", "started", "end"),
    [
        ("update_fixture_mappings", "2025-10-13T01:00:05", "2025-10-14T01:50:00"),
        ("update_lineups", "2025-10-14T02:00:05", "2025-10-14T02:45:00"),
        # Heatmaps have run it once more: the season statistics need it next.
        ("update_lineups", "2025-10-14T03:00:20", "2025-10-15T00:45:00"),
        ("collect_heatmaps", "2025-10-14T03:00:05", "2025-10-15T04:00:05"),
        ("update_season_stats", "2025-10-15T01:00:05", "2025-10-15T01:40:00"),
        ("update_season_stats", "2025-10-15T02:00:20", "2025-10-16T03:00:20"),
        ("update_radar_attributes", "2025-10-15T02:00:05", "2025-10-16T03:00:05"),
        # A late start on Sunday ends before Monday's slot.
        ("update_fixture_mappings", "2025-10-19T20:00:00", "2025-10-20T00:50:00"),
    ],
)
def test_retries_end_before_the_next_pipeline_needs_the_run(dag_id: str, started: str, end: str) -> None:
    expected = datetime.fromisoformat(end).replace(tzinfo=UTC)
    assert retries_end(dag_id, datetime.fromisoformat(started).replace(tzinfo=UTC)) == expected


@pytest.mark.parametrize("dag_id", PIPELINES)
def test_a_run_may_take_as_long_as_its_retries(dag_id: str) -> None:
    slot = slot_of(dag_id)
    for hours in range(24 * 7):
        started = MONDAY + timedelta(hours=hours)
        end = retries_end(dag_id, started)
        assert end - started <= LONGEST_RETRYING
        # The last attempt, and the tasks after it.
        assert end + 2 * slot.limit <= started + slot.run_limit


def test_the_next_slot_is_on_the_hour_after_a_clock_change() -> None:
    saturday = datetime(2025, 10, 25, 12, tzinfo=UTC)
    assert next_slot(slot_of("update_fixture_mappings"), saturday) == datetime(2025, 10, 27, 2, tzinfo=UTC)
    monday = datetime(2025, 10, 27, 2, tzinfo=UTC)
    assert next_slot(slot_of("update_fixture_mappings"), monday) == monday + timedelta(days=7)
