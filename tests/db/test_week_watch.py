"""The dead man: a pipeline that never ran is missed by the next check, and one that began late says so itself."""

from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from fpl_pulse.alerts.dead_mans_switch import find_missing_runs, note_late_start
from fpl_pulse.alerts.outbox import close_alerts_about_runs
from fpl_pulse.store import attempts, runs
from fpl_pulse.store.runs import Run
from fpl_pulse.week import PIPELINES
from tests.db.conftest import slots_of

MONDAY = date(2025, 9, 8)
BEFORE, NOW = slots_of(MONDAY - timedelta(days=7)), slots_of(MONDAY)


@pytest.fixture
def ran(conn: psycopg.Connection) -> psycopg.Connection:
    """A store that has one whole week behind it."""
    for dag_id, slot in BEFORE.items():
        begin(conn, dag_id, slot)
    return conn


def begin(conn: psycopg.Connection, dag_id: str, as_of: datetime, **more: object) -> Run:
    run = Run(dag_id, f"{dag_id}__{as_of.isoformat()}", as_of, **{"run_type": "scheduled", **more})  # type: ignore[arg-type]
    runs.begin(conn, run)
    return run


def missing(conn: psycopg.Connection, run: Run) -> list[str]:
    return find_missing_runs(conn, run)


def told(conn: psycopg.Connection, kind: str = "run_missing") -> list[tuple[str, str, bool]]:
    statement = "select dag_id, message, closed_at is null from pulse.alerts where kind = %s order by as_of"
    return conn.execute(statement, (kind,)).fetchall()


def test_a_week_that_ran_misses_nothing(ran: psycopg.Connection) -> None:
    for dag_id, slot in NOW.items():
        assert missing(ran, begin(ran, dag_id, slot)) == []
    assert told(ran) == []


def test_the_next_check_misses_a_run_that_never_began_and_says_what_to_do(ran: psycopg.Connection) -> None:
    for dag_id in ("update_fixture_mappings", "update_lineups"):
        assert missing(ran, begin(ran, dag_id, NOW[dag_id])) == []
    # Tuesday's heatmaps are paused: Wednesday's first run says so, and the second does not say it again.
    for dag_id in ("update_season_stats", "update_radar_attributes"):
        assert missing(ran, begin(ran, dag_id, NOW[dag_id])) == ["collect_heatmaps"]
    ((dag_id, message, is_open),) = told(ran)
    assert (dag_id, is_open) == ("collect_heatmaps", True)
    assert "has not run for its slot Tue 09 Sep 2025 04:00 London time" in message
    assert "airflow dags trigger collect_heatmaps" in message
    run = begin(ran, "collect_heatmaps", NOW["collect_heatmaps"] + timedelta(days=2), run_type="manual")
    close_alerts_about_runs(ran, run)
    assert [row[2] for row in told(ran)] == [False]


def test_after_a_week_in_which_nothing_ran_the_first_check_names_all_of_it(ran: psycopg.Connection) -> None:
    later = NOW["update_fixture_mappings"] + timedelta(days=7)
    assert set(missing(ran, begin(ran, "update_fixture_mappings", later))) == set(PIPELINES)


def test_a_run_whose_deadline_has_not_passed_is_not_missed_yet(ran: psycopg.Connection) -> None:
    begin(ran, "update_fixture_mappings", NOW["update_fixture_mappings"])
    by_hand = begin(ran, "update_lineups", NOW["update_lineups"] + timedelta(minutes=59), run_type="manual")
    ran.execute("delete from pulse.pipeline_runs where run_id = %s", (by_hand.run_id,))
    assert missing(ran, by_hand) == []
    after = Run("update_season_stats", "by_hand", NOW["update_lineups"] + timedelta(minutes=61))
    assert missing(ran, after) == ["update_lineups"]


def test_a_run_bounded_to_a_few_matches_does_not_stand_for_the_week(ran: psycopg.Connection) -> None:
    begin(ran, "update_fixture_mappings", NOW["update_fixture_mappings"])
    begin(ran, "update_lineups", NOW["update_lineups"], is_full=False)
    assert "update_lineups" in missing(ran, begin(ran, "collect_heatmaps", NOW["collect_heatmaps"]))


def test_before_its_first_run_nothing_is_missing(conn: psycopg.Connection) -> None:
    assert missing(conn, begin(conn, "update_season_stats", NOW["update_season_stats"])) == []


def test_a_backfill_fills_weeks_in_any_order_and_misses_nothing(ran: psycopg.Connection) -> None:
    run = begin(ran, "update_season_stats", NOW["update_season_stats"], run_type="backfill")
    assert missing(ran, run) == []


def test_a_run_for_a_moment_of_the_past_misses_nothing_that_a_later_run_has_done_since(
    ran: psycopg.Connection,
) -> None:
    # A week was lost in August; September's runs did what was due.
    for dag_id, slot in NOW.items():
        begin(ran, dag_id, slot + timedelta(days=7))
    ran.execute("delete from pulse.alerts")
    again = begin(
        ran, "update_fixture_mappings", NOW["collect_heatmaps"] + timedelta(days=3), run_type="manual"
    )
    assert missing(ran, again) == []


def test_where_all_is_triggered_by_hand_no_week_is_missed(conn: psycopg.Connection) -> None:
    for dag_id, slot in BEFORE.items():
        begin(conn, dag_id, slot, run_type="manual")
    later = NOW["update_fixture_mappings"] + timedelta(days=14)
    assert missing(conn, begin(conn, "update_fixture_mappings", later, run_type="manual")) == []


def late(conn: psycopg.Connection, dag_id: str, after: timedelta, run_type: str = "scheduled") -> bool:
    run = begin(conn, dag_id, NOW[dag_id], run_type=run_type)
    return note_late_start(conn, run, (NOW[dag_id] + after).astimezone(UTC))


def test_a_scheduled_run_that_begins_after_its_deadline_says_that_the_scheduler_was_down(
    ran: psycopg.Connection,
) -> None:
    assert not late(ran, "update_fixture_mappings", timedelta(minutes=60))
    assert late(ran, "update_fixture_mappings", timedelta(minutes=61))
    ((dag_id, message, _),) = told(ran, "run_late")
    assert dag_id == "update_fixture_mappings"
    assert "began at Mon 02:01 UTC and not at its slot, Mon 08 Sep 2025 02:00 London time" in message


def test_runs_by_hand_and_the_first_of_all_are_never_late(ran: psycopg.Connection) -> None:
    assert not late(ran, "update_lineups", timedelta(days=1), "manual")
    assert not late(ran, "update_lineups", timedelta(days=1), "backfill")
    ran.execute("update pulse.pipeline_runs set run_type = 'manual'")
    assert not late(ran, "update_season_stats", timedelta(days=1))
    ran.execute("delete from pulse.pipeline_runs")
    assert not late(ran, "update_lineups", timedelta(days=1))


@pytest.mark.parametrize("after", [timedelta(minutes=61), timedelta(days=20)])
def test_a_run_that_waited_for_another_or_was_cleared_later_began_at_its_slot(
    ran: psycopg.Connection, after: timedelta
) -> None:
    slot = NOW["update_lineups"]
    wait = Run(
        "update_lineups", f"update_lineups__{slot.isoformat()}", slot, "wait_for_update_fixture_mappings"
    )
    attempts.begin(ran, wait)
    ran.execute("update pulse.task_attempts set started_at = %s", (slot + timedelta(seconds=5),))
    assert not late(ran, "update_lineups", after)
    assert told(ran, "run_late") == []
