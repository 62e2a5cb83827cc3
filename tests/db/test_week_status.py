"""The view week_status: which week is this week, and what it says of runs that succeed, fail, wait, retry or miss."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg.rows import dict_row

from dev.pipelines import Pipelines, slots_of
from fpl_pulse.alerts.endings import Ending, follow_ending, follow_marked_task
from fpl_pulse.alerts.outbox import close_alerts_about_runs, raise_alert
from fpl_pulse.store import attempts, runs, schema, week_status
from fpl_pulse.store.coverage import GameweekCoverage, replace_coverage
from fpl_pulse.store.runs import Run
from fpl_pulse.store.week_status import SlotStatus
from fpl_pulse.week import LONDON, PIPELINES, WEEK
from tests.installations import FIRST_MONDAY

WEDNESDAY = datetime(2025, 10, 15, 12, tzinfo=UTC)
LINEUPS = "update_lineups"
TUESDAY_SLOT = datetime(2025, 10, 14, 2, tzinfo=UTC)
WAIT = "wait_for_update_fixture_mappings"


def status_at(conn: psycopg.Connection, now: datetime) -> dict[str, SlotStatus]:
    """dag_id -> its row of the week of a time."""
    week_status.set_now(conn, now)
    return {slot.dag_id: slot for slot in week_status.read(conn).slots}


def lineups_at(conn: psycopg.Connection, now: datetime = WEDNESDAY) -> SlotStatus:
    return status_at(conn, now)[LINEUPS]


def scheduled(run_id: str = "scheduled__1", **changes: object) -> Run:
    """This week's run of the lineups."""
    run = Run(LINEUPS, run_id, TUESDAY_SLOT, "fetch_lineup", run_type="scheduled")
    return replace(run, **changes)  # type: ignore[arg-type]


def age(conn: psycopg.Connection, interval: str) -> None:
    """Let everything that the store has recorded have happened so much earlier."""
    conn.execute(
        "update pulse.pipeline_runs set started_at = started_at - %(by)s::interval,"
        " finished_at = finished_at - %(by)s::interval",
        {"by": interval},
    )
    conn.execute(
        "update pulse.task_attempts set started_at = started_at - %(by)s::interval,"
        " finished_at = finished_at - %(by)s::interval",
        {"by": interval},
    )
    conn.execute("update pulse.alerts set raised_at = raised_at - %(by)s::interval", {"by": interval})


def add_match(conn: psycopg.Connection, kickoff: datetime) -> None:
    """A season with one fixture."""
    conn.execute("insert into pulse.fpl_seasons (season, observed_at) values ('2025-26', '2025-07-20')")
    conn.execute(
        "insert into pulse.fpl_teams (season, team_id, code, name, short_name, details) values"
        " ('2025-26', 1, 1, 'A', 'A', '{}'), ('2025-26', 2, 2, 'B', 'B', '{}')"
    )
    conn.execute(
        "insert into pulse.fpl_fixtures (season, fixture_id, code, gameweek, kickoff_at, home_team_code,"
        " away_team_code, started, finished_provisional, finished, minutes, details)"
        " values ('2025-26', 1, 1, 1, %s, 1, 2, false, false, false, 0, '{}')",
        (kickoff,),
    )


@pytest.mark.parametrize("wednesday", [WEDNESDAY, datetime(2025, 10, 29, 12, tzinfo=UTC)])
def test_each_pipeline_has_a_row_with_its_slot_and_deadline_in_the_order_of_the_week(
    conn: psycopg.Connection, wednesday: datetime
) -> None:
    found = status_at(conn, wednesday)
    slots = slots_of(wednesday.date() - timedelta(days=2))
    assert list(found) == list(PIPELINES)
    for slot in WEEK:
        assert found[slot.dag_id].slot_at == slots[slot.dag_id]
        assert found[slot.dag_id].deadline_at == slots[slot.dag_id] + slot.done_by
        assert f"{found[slot.dag_id].deadline_at.astimezone(LONDON):%H:%M}" == slot.deadline
    assert [one.title for one in found.values()] == [slot.title for slot in WEEK]


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        ("2025-10-20T00:59:59+00:00", 13),
        ("2025-10-20T01:00:00+00:00", 20),
        ("2025-10-26T23:30:00+00:00", 20),
        # The clocks went back the night before: 02:00 in London is 02:00 UTC.
        ("2025-10-27T01:59:59+00:00", 20),
        ("2025-10-27T02:00:00+00:00", 27),
    ],
)
def test_a_week_begins_with_its_first_slot(conn: psycopg.Connection, now: str, monday: int) -> None:
    found = status_at(conn, datetime.fromisoformat(now))
    assert min(one.slot_at for one in found.values()).astimezone(LONDON).day == monday


def test_without_runs_a_slot_is_not_due_then_due_then_not_run(conn: psycopg.Connection) -> None:
    add_match(conn, WEDNESDAY)
    for minutes, state in ((-1, "not due"), (1, "due"), (59, "due"), (61, "not run")):
        found = lineups_at(conn, TUESDAY_SLOT + timedelta(minutes=minutes))
        assert (found.state, found.is_all_right, found.calls) == (state, None, None)


def test_a_slot_without_a_run_is_missing_once_the_pipeline_has_run_on_its_schedule(conn: psycopg.Connection) -> None:
    add_match(conn, WEDNESDAY)
    runs.begin(conn, scheduled(as_of=TUESDAY_SLOT - timedelta(days=7)))
    found = status_at(conn, WEDNESDAY)
    assert (found[LINEUPS].state, found[LINEUPS].is_all_right) == ("missing", False)
    assert found[LINEUPS].has_missed_deadline
    assert found["collect_heatmaps"].state == "not run"
    assert lineups_at(conn, TUESDAY_SLOT + timedelta(minutes=59)).state == "due"


@pytest.mark.parametrize(("days", "state"), [(-20, "missing"), (-22, "not run"), (6, "missing"), (8, "not run")])
def test_in_summer_a_slot_without_a_run_is_not_missing(conn: psycopg.Connection, days: int, state: str) -> None:
    add_match(conn, WEDNESDAY + timedelta(days=days))
    runs.begin(conn, scheduled(as_of=TUESDAY_SLOT - timedelta(days=7)))
    assert lineups_at(conn).state == state


def test_a_green_run_has_its_calls_rows_and_coverage(conn: psycopg.Connection) -> None:
    run = scheduled()
    runs.begin(conn, run)
    conn.execute("update pulse.pipeline_runs set rows_inserted = 7, rows_updated = 2, calls_skipped = 3")
    for api, count in (("sofasport", 2), ("fpl", 1)):
        conn.execute(
            "insert into pulse.api_calls (api, endpoint, resource, purpose, dag_id, run_id, task_id, map_index,"
            " try_number, attempt, status, outcome, seconds, bytes, called_at)"
            " select %s, 'x', '', '', %s, %s, 't', -1, 1, 1, 200, 'fetched', 0.1, 10, now()"
            " from generate_series(1, %s)",
            (api, LINEUPS, run.run_id, count),
        )
    replace_coverage(
        conn,
        run,
        [
            GameweekCoverage("2025-26", gameweek, what, have, 10, 0, None, is_enough=True, missing=[])
            for gameweek, what, have in ((6, "matches with lineups", 9), (7, "matches with lineups", 10), (7, "x", 10))
        ],
    )
    runs.finish(conn, run, "success", "as it should be")
    found = lineups_at(conn)
    assert (found.state, found.is_all_right, found.has_missed_deadline) == ("success", True, False)
    assert (found.calls, found.calls_skipped, found.rows_inserted, found.rows_updated) == (2, 3, 7, 2)
    assert (found.have, found.want, found.lacking) == (29, 30, "matches with lineups 19 of 20")
    assert (found.run_id, found.run_type, found.as_of) == (run.run_id, "scheduled", TUESDAY_SLOT)


def test_only_full_runs_of_this_week_count_and_of_these_the_one_that_started_last(conn: psycopg.Connection) -> None:
    for run_id, changes in (
        ("before", {"as_of": TUESDAY_SLOT - timedelta(seconds=1)}),
        ("after", {"as_of": TUESDAY_SLOT + timedelta(days=7)}),
        ("chosen matches", {"is_full": False}),
        ("scheduled", {}),
    ):
        runs.begin(conn, scheduled(run_id, **changes))
    assert lineups_at(conn).run_id == "scheduled"
    # A later full run of the same week replaces it, as it does for the pipelines that wait.
    manual = scheduled("manual", as_of=TUESDAY_SLOT + timedelta(days=2), run_type="manual")
    runs.begin(conn, manual)
    runs.finish(conn, manual, "success", "")
    assert (lineups_at(conn).run_id, lineups_at(conn).state) == ("manual", "success")
    assert lineups_at(conn, WEDNESDAY - timedelta(days=7)).run_id == "before"
    assert lineups_at(conn, WEDNESDAY + timedelta(days=7)).run_id == "after"


def test_a_first_run_that_waits_for_another_pipeline_is_waiting(conn: psycopg.Connection) -> None:
    waiting = scheduled("scheduled__2025-10-14T02:00:00+00:00", task_id=WAIT)
    attempts.begin(conn, waiting)
    found = lineups_at(conn, TUESDAY_SLOT + timedelta(minutes=10))
    assert (found.state, found.is_all_right) == ("waiting", None)
    late = lineups_at(conn, TUESDAY_SLOT + timedelta(minutes=61))
    assert (late.state, late.is_all_right, late.has_missed_deadline) == ("waiting", False, True)
    age(conn, "3 hours")
    assert lineups_at(conn).state == "not run"


def test_a_waiting_backfill_is_not_this_weeks_run(conn: psycopg.Connection) -> None:
    attempts.begin(conn, scheduled("backfill__2025-09-02T02:00:00+00:00", task_id=WAIT))
    assert lineups_at(conn).state == "not run"


def test_a_wait_that_has_failed_is_a_failed_run_with_its_reason(conn: psycopg.Connection) -> None:
    run = scheduled(task_id=WAIT)
    attempts.begin(conn, run)
    runs.begin(conn, run)
    runs.finish(conn, run, "failed", "update_fixture_mappings has failed")
    attempts.fail(conn, run, "update_fixture_mappings has failed", can_retry=False)
    found = lineups_at(conn)
    assert (found.state, found.is_all_right, found.message) == ("failed", False, "update_fixture_mappings has failed")


def fail(conn: psycopg.Connection, run: Run, *, can_retry: bool) -> None:
    """A task of an open run fails."""
    attempts.begin(conn, run)
    attempts.fail(conn, run, "status 503", can_retry=can_retry)
    runs.finish(conn, run, "failed", "fetch_lineup: status 503")


def test_a_failed_task_that_airflow_tries_again_is_retrying_then_running_and_failed_when_it_gives_up(
    conn: psycopg.Connection,
) -> None:
    run = scheduled()
    runs.begin(conn, run)
    assert lineups_at(conn).state == "running"
    fail(conn, run, can_retry=True)
    assert (lineups_at(conn).state, lineups_at(conn).is_all_right) == ("retrying", None)
    attempts.begin(conn, replace(run, try_number=2))
    assert lineups_at(conn).state == "running"
    fail(conn, replace(run, try_number=2), can_retry=True)
    raise_alert(conn, run, "run_failed", f"{LINEUPS} {run.run_id}", "A sentence.")
    found = lineups_at(conn)
    assert (found.state, found.is_all_right, found.open_alerts) == ("failed", False, 1)
    assert found.message == "fetch_lineup: status 503"


def test_a_failed_task_that_nobody_tries_again_is_failed(conn: psycopg.Connection) -> None:
    run = scheduled()
    runs.begin(conn, run)
    fail(conn, run, can_retry=True)
    fail(conn, replace(run, task_id="fetch_lineup", map_index=1), can_retry=False)
    assert lineups_at(conn).state == "failed"
    conn.execute("update pulse.task_attempts set can_retry = true")
    assert lineups_at(conn).state == "retrying"
    # No alert came: Airflow was stopped.
    age(conn, "3 hours")
    assert lineups_at(conn).state == "failed"


def test_a_killed_run_is_failed_once_airflow_has_reported_it(conn: psycopg.Connection) -> None:
    run = scheduled()
    runs.begin(conn, run)
    attempts.begin(conn, run)
    assert lineups_at(conn).state == "running"
    raise_alert(conn, run, "run_failed", f"{LINEUPS} {run.run_id}", "A sentence.")
    assert lineups_at(conn).state == "failed"
    # The operator clears it.
    attempts.begin(conn, replace(run, try_number=2))
    assert lineups_at(conn).state == "running"
    runs.finish(conn, run, "success", "")
    attempts.succeed(conn, replace(run, try_number=2))
    close_alerts_about_runs(conn, run)
    found = lineups_at(conn)
    assert (found.state, found.is_all_right, found.open_alerts) == ("success", True, 0)


def test_a_run_that_was_marked_as_failed_is_failed_and_one_that_was_marked_as_success_is_all_right(
    conn: psycopg.Connection,
) -> None:
    run = scheduled(task_id="check_lineups")
    runs.begin(conn, run)
    attempts.begin(conn, run)
    attempts.succeed(conn, run)
    runs.finish(conn, run, "success", "")
    follow_ending(conn, Ending(run, "failed", is_marked=True))
    assert lineups_at(conn).state == "failed"
    follow_ending(conn, Ending(run, "success", is_marked=True))
    assert lineups_at(conn).is_all_right
    follow_marked_task(conn, run, "failed")
    assert lineups_at(conn).state == "failed"
    follow_marked_task(conn, run, "success")
    assert lineups_at(conn).is_all_right


def test_a_cleared_green_run_waits_then_runs_again(conn: psycopg.Connection) -> None:
    run = scheduled()
    runs.begin(conn, run)
    runs.finish(conn, run, "success", "")
    attempts.begin(conn, replace(run, task_id=WAIT, try_number=2))
    assert lineups_at(conn).state == "waiting"
    attempts.succeed(conn, replace(run, task_id=WAIT, try_number=2))
    attempts.begin(conn, replace(run, task_id="refresh_results", try_number=2))
    assert lineups_at(conn).state == "running"


def test_a_scheduled_run_past_its_deadline_is_not_all_right_and_a_manual_one_has_no_deadline(
    conn: psycopg.Connection,
) -> None:
    run = scheduled()
    runs.begin(conn, run)
    assert lineups_at(conn, TUESDAY_SLOT + timedelta(minutes=59)).is_all_right is None
    late = lineups_at(conn, TUESDAY_SLOT + timedelta(minutes=61))
    assert (late.state, late.is_all_right, late.has_missed_deadline) == ("running", False, True)
    runs.begin(conn, replace(run, run_type="manual"))
    assert lineups_at(conn, TUESDAY_SLOT + timedelta(minutes=61)).is_all_right is None


def test_a_green_run_that_missed_its_deadline_is_all_right_and_says_so(conn: psycopg.Connection) -> None:
    run = scheduled()
    runs.begin(conn, run)
    raise_alert(conn, run, "deadline_missed", f"{LINEUPS} {run.run_id}", "A sentence.")
    runs.finish(conn, run, "success", "")
    close_alerts_about_runs(conn, run)
    assert (lineups_at(conn).is_all_right, lineups_at(conn).has_missed_deadline) == (True, True)


def test_an_upgrade_of_the_schema_writes_the_schedule(
    conn: psycopg.Connection, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = tuple(replace(slot, hour=slot.hour + 3) for slot in WEEK[:4])
    monkeypatch.setattr(week_status, "WEEK", later)
    schema.upgrade(dsn)
    found = status_at(conn, WEDNESDAY)
    assert list(found) == list(PIPELINES[:4])
    assert found[LINEUPS].slot_at == TUESDAY_SLOT + timedelta(hours=3)


def test_the_time_of_a_session_is_the_wall_clock_or_an_earlier_time(conn: psycopg.Connection) -> None:
    def as_of_now() -> datetime:
        row = conn.execute("select pulse.as_of_now()").fetchone()
        assert row is not None
        return datetime.fromisoformat(row[0].isoformat())

    assert abs(as_of_now() - datetime.now(UTC)) < timedelta(minutes=1)
    week_status.set_now(conn, WEDNESDAY)
    assert as_of_now() == WEDNESDAY
    week_status.set_now(conn, datetime.now(UTC) + timedelta(days=3))
    assert abs(as_of_now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_the_quota_outlook_counts_up_to_the_newest_run_of_the_same_week(loaded: Pipelines) -> None:
    def outlook_as_of(now: datetime) -> datetime | None:
        week_status.set_now(loaded.conn, now)
        outlook = week_status.read(loaded.conn).outlook
        return outlook.as_of if outlook else None

    slots = slots_of(FIRST_MONDAY)
    runs.begin(loaded.conn, Run(LINEUPS, "of another time", datetime(2026, 3, 3, tzinfo=UTC)))
    # A clock that is set back within the week does not hide its runs.
    for now in (slots["update_fixture_mappings"], slots["update_radar_attributes"] + timedelta(days=3)):
        assert outlook_as_of(now) == slots["update_radar_attributes"]
    assert outlook_as_of(datetime(2026, 3, 4, tzinfo=UTC)) == datetime(2026, 3, 3, tzinfo=UTC)
    assert outlook_as_of(slots["update_fixture_mappings"] - timedelta(days=7)) is None


def test_a_week_of_the_sandbox_is_all_right(loaded: Pipelines) -> None:
    week_status.set_now(loaded.conn, slots_of(FIRST_MONDAY)["update_radar_attributes"] + timedelta(hours=1))
    status = week_status.read(loaded.conn)
    assert [(slot.state, slot.is_all_right) for slot in status.slots] == [("success", True)] * 5
    assert all((slot.want or 0) > 0 and (slot.calls or 0) > 0 for slot in status.slots)
    assert status.outlook is not None
    with loaded.conn.cursor(row_factory=dict_row) as cursor:
        (found,) = cursor.execute(
            "select count(distinct sofasport_id) as players from pulse.mapping_candidates"
            " where kind = 'player' and status = 'review'"
        ).fetchall()
    assert status.review.players == found["players"]


def test_a_running_run_is_idle_since_its_last_task_has_ended(conn: psycopg.Connection) -> None:
    runs.begin(conn, scheduled())
    plan, fetch = scheduled(task_id="plan_matches"), scheduled()
    attempts.begin(conn, plan)
    assert (lineups_at(conn).state, lineups_at(conn).idle_since) == ("running", None)
    attempts.succeed(conn, plan)
    assert lineups_at(conn).idle_since is not None
    attempts.begin(conn, fetch)
    assert lineups_at(conn).idle_since is None
    attempts.succeed(conn, fetch)
    runs.finish(conn, scheduled(), "success", "all there")
    assert (lineups_at(conn).state, lineups_at(conn).idle_since) == ("success", None)
