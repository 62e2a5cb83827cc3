"""What is read again although it is complete, because the last response can have been an old or a wrong one."""

from datetime import datetime, timedelta

import pytest

from dev.pipelines import Pipelines, slots_of
from fpl_pulse.api import sofasport
from fpl_pulse.etl.queries import query
from fpl_pulse.store import archive
from tests.installations import FIRST_MONDAY

DAY = timedelta(days=1)
NEXT = slots_of(FIRST_MONDAY + timedelta(weeks=1))


def a_match(loaded: Pipelines) -> tuple[int, datetime]:
    """A complete match whose figures are FPL's, and its kick-off."""
    found: tuple[int, datetime] | None = loaded.conn.execute(
        "select event_id, start_at from pulse.judged_events join pulse.sofasport_lineups using (event_id)"
        " where counts and with_minutes > 0 and fixture_id not in (select fixture_id from pulse.figure_differences)"
        " order by start_at limit 1"
    ).fetchone()
    assert found
    return found


def is_due(loaded: Pipelines, event_id: int, as_of: datetime) -> bool:
    context = loaded.context("update_lineups", NEXT["update_lineups"])
    due = context.records(query("due_lineups"), season=context.season(), starters=11, as_of=as_of)
    return event_id in [row["event_id"] for row in due]


def fetch_at(loaded: Pipelines, event_id: int, as_of: datetime, *, with_a_change: bool = False) -> None:
    resource = sofasport.lineups(event_id)
    body = loaded.one(
        "select body from pulse.raw_responses join pulse.raw_resources using (response_id)"
        " where raw_resources.endpoint = 'events/lineups' and raw_resources.event_id = %s",
        event_id,
    )
    response_id, _ = archive.store_response(
        loaded.conn, resource, body | ({"changed": True} if with_a_change else {}), as_of
    )
    archive.mark_loaded(loaded.conn, [response_id])


def test_a_match_is_read_once_more_two_weeks_after_it(loaded: Pipelines) -> None:
    event_id, start = a_match(loaded)
    fetch_at(loaded, event_id, start + 10 * DAY)
    assert not is_due(loaded, event_id, start + 13 * DAY)
    assert is_due(loaded, event_id, start + 17 * DAY)
    fetch_at(loaded, event_id, start + 17 * DAY)
    assert not is_due(loaded, event_id, start + 24 * DAY)


def test_a_match_that_has_changed_is_read_once_more_a_week_later(loaded: Pipelines) -> None:
    event_id, start = a_match(loaded)
    fetch_at(loaded, event_id, start + 17 * DAY, with_a_change=True)
    assert is_due(loaded, event_id, start + 24 * DAY)
    fetch_at(loaded, event_id, start + 24 * DAY)
    assert not is_due(loaded, event_id, start + 27 * DAY)


def test_a_match_that_changes_with_each_response_is_left_alone_after_four_weeks(loaded: Pipelines) -> None:
    event_id, start = a_match(loaded)
    fetch_at(loaded, event_id, start + 24 * DAY, with_a_change=True)
    assert not is_due(loaded, event_id, start + 31 * DAY)


@pytest.mark.parametrize(("state", "are_due"), [("success", False), ("failed", True)])
def test_season_statistics_that_a_failed_run_has_read_are_due_again(
    loaded: Pipelines, state: str, *, are_due: bool
) -> None:
    as_of = NEXT["update_season_stats"]
    context = loaded.context("update_season_stats", as_of)
    # No age of a match lies between the two times.
    read_at = as_of - DAY
    loaded.conn.execute(
        "update pulse.raw_resources set as_of = %s where endpoint = %s", (read_at, sofasport.SEASON_STATISTICS)
    )
    loaded.conn.execute(
        "update pulse.pipeline_runs set state = %s, as_of = %s where dag_id = 'update_season_stats' and as_of < %s",
        (state, read_at, as_of),
    )
    due = context.records(query("due_season_statistics"), season=context.season())
    assert (len(due) > 100) is are_due
