"""The archive of responses and the ledger of calls."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from fpl_pulse.api import sofasport
from fpl_pulse.api.calls import Call
from fpl_pulse.store import archive, runs
from fpl_pulse.store.ledger import recorder
from fpl_pulse.store.runs import Run

NOW = datetime(2025, 10, 14, 2, tzinfo=UTC)
LATER = NOW + timedelta(days=7)
MATCH = sofasport.lineups(7)


def stored_resource(conn: psycopg.Connection) -> tuple[object, ...]:
    """Outcome, no_data_times, no_data_since and as_of of the only resource, and whether a response is loaded."""
    row = conn.execute(
        "select outcome, no_data_times, no_data_since, as_of, loaded_response_id is not null from pulse.raw_resources"
    ).fetchone()
    assert row is not None
    return row


def count_responses(conn: psycopg.Connection) -> int:
    row = conn.execute("select count(*) from pulse.raw_responses").fetchone()
    assert row is not None
    return int(row[0])


def test_an_equal_response_is_not_stored_twice_but_its_as_of_time_is_renewed(conn: psycopg.Connection) -> None:
    first, is_new = archive.store_response(conn, MATCH, {"a": 1, "b": [2]}, NOW)
    again, is_new_again = archive.store_response(conn, MATCH, {"b": [2], "a": 1}, LATER)
    assert (is_new, is_new_again) == (True, False)
    assert first == again
    assert count_responses(conn) == 1
    assert stored_resource(conn)[3] == LATER


def test_a_changed_response_is_stored_beside_the_old_one_and_waits_to_be_loaded(conn: psycopg.Connection) -> None:
    first, _ = archive.store_response(conn, MATCH, {"a": 1}, NOW)
    archive.mark_loaded(conn, [first])
    assert list(archive.waiting(conn, MATCH.endpoint, batch_size=10)) == []
    second, _ = archive.store_response(conn, MATCH, {"a": 2}, LATER)
    ((waiting,),) = archive.waiting(conn, MATCH.endpoint, batch_size=10)
    assert (waiting.response_id, waiting.body, waiting.params) == (second, {"a": 2}, {"event_id": 7})
    assert count_responses(conn) == 2


def test_a_return_to_an_earlier_payload_is_stored_as_a_change(conn: psycopg.Connection) -> None:
    for value in (1, 2, 1):
        archive.store_response(conn, MATCH, {"a": value}, NOW)
    assert count_responses(conn) == 3


def test_no_data_is_stored_with_its_first_time_and_ends_with_a_response(conn: psycopg.Connection) -> None:
    archive.store_no_data(conn, MATCH, NOW)
    archive.store_no_data(conn, MATCH, LATER)
    assert stored_resource(conn)[:4] == ("no_data", 2, NOW, LATER)
    archive.store_response(conn, MATCH, {"a": 1}, LATER)
    assert stored_resource(conn)[:3] == ("fetched", 0, None)


def test_a_response_with_text_that_postgres_cannot_hold_is_stored_without_it(conn: psycopg.Connection) -> None:
    response_id, _ = archive.store_response(conn, MATCH, {"na\x00me": "a\x00b\ud800", "said": "\\u0000"}, NOW)
    assert archive.body_of(conn, response_id) == {"name": "ab?", "said": "\\u0000"}


def test_every_call_is_recorded_in_the_ledger_with_its_task(conn: psycopg.Connection) -> None:
    run = Run("update_lineups", "manual__1", NOW, "fetch_lineup", 3, 2)
    recorder(conn, run)(Call(MATCH, "lineups", 1, 503, "RetryableError", 0.25, 10, 99))
    row = conn.execute(
        "select api, endpoint, resource, purpose, dag_id, run_id, task_id, map_index, try_number, status,"
        " quota_remaining from pulse.api_calls"
    ).fetchone()
    assert row == (
        *("sofasport", "events/lineups", "event_id=7", "lineups"),
        *("update_lineups", "manual__1", "fetch_lineup", 3, 2, 503, 99),
    )


def test_a_listener_gets_every_recorded_call(conn: psycopg.Connection) -> None:
    calls: list[Call] = []
    call = Call(MATCH, "lineups", 1, 429, "RetryableError", 0.25, 10, 99)
    recorder(conn, Run("update_lineups", "manual__1", NOW), calls.append)(call)
    assert calls == [call]


def test_a_run_that_is_opened_again_starts_from_zero(conn: psycopg.Connection) -> None:
    run = Run("update_lineups", "manual__1", NOW)
    runs.begin(conn, run)
    runs.finish(conn, run, "failed", "no", {"matches": {"have": 1, "want": 2}})
    runs.begin(conn, run)
    newest = runs.newest(conn, "update_lineups")
    assert newest is not None
    assert (newest.state, newest.message, newest.finished_at) == ("running", None, None)


def test_an_as_of_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no zone"):
        Run("update_lineups", "manual__1", datetime(2025, 10, 14))  # noqa: DTZ001
