"""The dead man's switch: the next check reports a pipeline that did not run, and a late run reports itself."""

from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from dev.pipelines import slots_of
from fpl_pulse.alerts.dead_mans_switch import find_missing_runs, report_late_start
from fpl_pulse.alerts.outbox import close_alerts_about_runs
from fpl_pulse.store import attempts, runs
from fpl_pulse.store.runs import Run
from fpl_pulse.week import PIPELINES

MONDAY = date(2025, 9, 8)
BEFORE, NOW = slots_of(MONDAY - timedelta(days=7)), slots_of(MONDAY)


@pytest.fixture
def ran(conn: psycopg.Connection) -> psycopg.Connection:
    """A store with one full week of runs."""
    for dag_id, slot in BEFORE.items():
        begin(conn, dag_id, slot)
    return conn


def begin(conn: psycopg.Connection, dag_id: str, as_of: datetime, **more: object) -> Run:
    run = Run(dag_id, f"{dag_id}__{as_of.isoformat()}", as_of, **{"run_type": "scheduled", **more})  # type: ignore[arg-type]
    runs.begin(conn, run)
    return run


def alerts(conn: psycopg.Connection, kind: str = "run_missing") -> list[tuple[str, str, bool]]:
    statement = "select dag_id, message, closed_at is null from pulse.alerts where kind = %s order by as_of"
    return conn.execute(statement, (kind,)).fetchall()


def test_a_week_in_which_everything_ran_raises_no_alert(ran: psycopg.Connection) -> None:
    for dag_id, slot in NOW.items():
        assert find_missing_runs(ran, begin(ran, dag_id, slot)) == []
    assert alerts(ran) == []


def test_the_next_check_reports_a_run_that_never_started_and_says_what_to_do(ran: psycopg.Connection) -> None:
    for dag_id in ("update_fixture_mappings", "update_lineups"):
        assert find_missing_runs(ran, begin(ran, dag_id, NOW[dag_id])) == []
    # Tuesday's heatmaps are paused: both runs of Wednesday find it, and there is one alert.
    for dag_id in ("update_season_stats", "update_radar_attributes"):
        assert find_missing_runs(ran, begin(ran, dag_id, NOW[dag_id])) == ["collect_heatmaps"]
    ((dag_id, message, is_open),) = alerts(ran)
    assert (dag_id, is_open) == ("collect_heatmaps", True)
    assert "has not run for its slot, Tue 9 Sep 04:00 London time" in message
    assert "airflow dags trigger collect_heatmaps" in message
    run = begin(ran, "collect_heatmaps", NOW["collect_heatmaps"] + timedelta(days=2), run_type="manual")
    close_alerts_about_runs(ran, run)
    assert [row[2] for row in alerts(ran)] == [False]


def test_after_a_week_without_runs_the_first_check_reports_every_pipeline(ran: psycopg.Connection) -> None:
    later = NOW["update_fixture_mappings"] + timedelta(days=7)
    assert set(find_missing_runs(ran, begin(ran, "update_fixture_mappings", later))) == set(PIPELINES)


def test_a_run_is_not_missing_before_its_deadline(ran: psycopg.Connection) -> None:
    begin(ran, "update_fixture_mappings", NOW["update_fixture_mappings"])
    manual = begin(ran, "update_lineups", NOW["update_lineups"] + timedelta(minutes=59), run_type="manual")
    ran.execute("delete from pulse.pipeline_runs where run_id = %s", (manual.run_id,))
    assert find_missing_runs(ran, manual) == []
    after = Run("update_season_stats", "manual__1", NOW["update_lineups"] + timedelta(minutes=61))
    assert find_missing_runs(ran, after) == ["update_lineups"]


def test_a_run_of_a_few_chosen_matches_does_not_count_as_the_weeks_run(ran: psycopg.Connection) -> None:
    begin(ran, "update_fixture_mappings", NOW["update_fixture_mappings"])
    begin(ran, "update_lineups", NOW["update_lineups"], is_full=False)
    assert "update_lineups" in find_missing_runs(ran, begin(ran, "collect_heatmaps", NOW["collect_heatmaps"]))


def test_before_its_first_run_nothing_is_missing(conn: psycopg.Connection) -> None:
    assert find_missing_runs(conn, begin(conn, "update_season_stats", NOW["update_season_stats"])) == []


def test_a_backfill_run_looks_for_no_missing_runs(ran: psycopg.Connection) -> None:
    run = begin(ran, "update_season_stats", NOW["update_season_stats"], run_type="backfill")
    assert find_missing_runs(ran, run) == []


def test_a_run_for_the_past_does_not_report_what_a_later_run_has_done(ran: psycopg.Connection) -> None:
    # A week was lost in August; September's runs did what was due.
    for dag_id, slot in NOW.items():
        begin(ran, dag_id, slot + timedelta(days=7))
    ran.execute("delete from pulse.alerts")
    again = begin(ran, "update_fixture_mappings", NOW["collect_heatmaps"] + timedelta(days=3), run_type="manual")
    assert find_missing_runs(ran, again) == []


def test_without_scheduled_runs_nothing_is_missing(conn: psycopg.Connection) -> None:
    for dag_id, slot in BEFORE.items():
        begin(conn, dag_id, slot, run_type="manual")
    later = NOW["update_fixture_mappings"] + timedelta(days=14)
    assert find_missing_runs(conn, begin(conn, "update_fixture_mappings", later, run_type="manual")) == []


def late(conn: psycopg.Connection, dag_id: str, after: timedelta, run_type: str = "scheduled") -> bool:
    run = begin(conn, dag_id, NOW[dag_id], run_type=run_type)
    return report_late_start(conn, run, (NOW[dag_id] + after).astimezone(UTC))


def test_a_scheduled_run_that_starts_after_its_deadline_is_late(ran: psycopg.Connection) -> None:
    assert not late(ran, "update_fixture_mappings", timedelta(minutes=60))
    assert late(ran, "update_fixture_mappings", timedelta(minutes=61))
    ((dag_id, message, _),) = alerts(ran, "run_late")
    assert dag_id == "update_fixture_mappings"
    assert "started on Mon 8 Sep 03:01 London time instead of Mon 8 Sep 02:00 London time" in message


def test_manual_runs_backfills_and_the_first_scheduled_run_are_never_late(ran: psycopg.Connection) -> None:
    assert not late(ran, "update_lineups", timedelta(days=1), "manual")
    assert not late(ran, "update_lineups", timedelta(days=1), "backfill")
    ran.execute("update pulse.pipeline_runs set run_type = 'manual'")
    assert not late(ran, "update_season_stats", timedelta(days=1))
    ran.execute("delete from pulse.pipeline_runs")
    assert not late(ran, "update_lineups", timedelta(days=1))


@pytest.mark.parametrize("after", [timedelta(minutes=61), timedelta(days=20)])
def test_a_run_that_waited_or_was_cleared_later_is_not_late(ran: psycopg.Connection, after: timedelta) -> None:
    slot = NOW["update_lineups"]
    wait = Run("update_lineups", f"update_lineups__{slot.isoformat()}", slot, "wait_for_update_fixture_mappings")
    attempts.begin(ran, wait)
    ran.execute("update pulse.task_attempts set started_at = %s", (slot + timedelta(seconds=5),))
    assert not late(ran, "update_lineups", after)
    assert alerts(ran, "run_late") == []
