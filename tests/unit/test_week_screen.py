"""The screen that says whether the week is all right: the verdict first, in at most 40 lines."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from fpl_pulse.alerts.week_sentences import headline
from fpl_pulse.cli.status import MOST_COLUMNS, week_lines
from fpl_pulse.store.open_alerts import OpenAlert
from fpl_pulse.store.week_status import Outlook, Review, SlotStatus, WeekStatus
from fpl_pulse.week import WEEK, slot_on_or_before

THURSDAY = datetime(2025, 10, 16, 12, tzinfo=UTC)
MOST_LINES = 34
"""With the processes and the address below it the screen has at most 40 lines."""


def green(number: int) -> SlotStatus:
    """A pipeline's row after a scheduled success."""
    slot = WEEK[number]
    at = slot_on_or_before(slot, THURSDAY)
    return SlotStatus(
        dag_id=slot.dag_id,
        title=slot.title,
        slot_at=at,
        deadline_at=at + slot.done_by,
        state="success",
        is_all_right=True,
        has_missed_deadline=False,
        run_id=f"scheduled__{at.isoformat()}",
        run_type="scheduled",
        as_of=at,
        started_at=at,
        finished_at=at + timedelta(minutes=3),
        calls=70,
        calls_skipped=0,
        rows_inserted=1_200,
        rows_updated=34,
        have=600,
        want=600,
        lacking=None,
        message="as it should be",
        open_alerts=0,
    )


def without_run(number: int, state: str, *, is_all_right: bool | None = None) -> SlotStatus:
    """A pipeline's row without a run."""
    return replace(
        green(number), state=state, is_all_right=is_all_right, run_id=None, run_type=None, as_of=None, started_at=None,
        finished_at=None, calls=None, calls_skipped=None, rows_inserted=None, rows_updated=None, have=None, want=None,
        message=None,
    )  # fmt: skip


OUTLOOK = Outlook(8_300, THURSDAY, datetime(2025, 11, 1, tzinfo=UTC), THURSDAY, 860, 10, 870, is_enough=True)
GREEN = WeekStatus(THURSDAY, [green(number) for number in range(5)], [], Review(0, 0), OUTLOOK)
ALERT = OpenAlert(
    7, "run_failed", "Tue 03:00 · Lineups, run of 14 October", "update_lineups", THURSDAY,
    f"Tue 03:00 · Lineups failed. {'A. ' * 99}", 10,
)  # fmt: skip


def with_slot(number: int, slot: SlotStatus, status: WeekStatus = GREEN) -> WeekStatus:
    return replace(status, slots=[slot if one == number else old for one, old in enumerate(status.slots)])


def screen(status: WeekStatus, columns: int = 120) -> list[str]:
    return list(week_lines(status, columns))


def row_of(lines: list[str], title: str) -> str:
    return next(line for line in lines if title in line and ":00  " in line)


def test_a_green_week_says_so_first() -> None:
    lines = screen(GREEN)
    assert lines[0] == "Week of 13 October 2025: ALL RIGHT. All 5 runs have succeeded."
    assert row_of(lines, "Lineups").split() == [
        "Tue", "03:00", "Lineups", "success", "70", "1,234", "100", "%", "04:00", "met",
    ]  # fmt: skip
    assert [line.split()[0] for line in lines[-5:]] == ["Alerts", "Review", "Quota", "Forecast", "Now"]
    assert lines[-3].endswith("8,300 calls left, reset on Sat 1 Nov 00:00")
    assert lines[-2].endswith("870 calls for the next 10 matches: the quota is enough")
    assert len(lines) == 14


def test_a_failed_and_a_missing_run_are_named_in_the_verdict_and_explained_below() -> None:
    failed = replace(green(1), state="failed", is_all_right=False, message="refresh_results: SofaSport refused the key")
    status = with_slot(3, without_run(3, "missing", is_all_right=False), with_slot(1, failed))
    lines = screen(status)
    assert lines[0] == ("Week of 13 October 2025: NOT ALL RIGHT. Failed: Lineups. Not run: Season statistics.")
    assert "> Lineups: refresh_results: SofaSport refused the key" in lines
    assert "FAILED" in row_of(lines, "Lineups")
    assert "MISSING" in row_of(lines, "Season statistics")
    assert any("trigger update_season_stats" in line for line in lines)
    assert "> What to do in each case: docs/runbook.md#what-make-status-says" in lines


@pytest.mark.parametrize("state", ["running", "waiting"])
def test_a_run_past_its_deadline_is_not_all_right(state: str) -> None:
    late = replace(green(2), state=state, is_all_right=False, has_missed_deadline=True, finished_at=None)
    lines = screen(with_slot(2, late))
    assert lines[0].endswith("NOT ALL RIGHT. Not done by the deadline: Heatmaps.")
    assert row_of(lines, "Heatmaps").endswith("05:30 MISSED")


def test_a_running_run_says_for_how_long() -> None:
    started = datetime.now(UTC) - timedelta(minutes=27, seconds=10)
    running = replace(green(2), state="running", is_all_right=None, started_at=started, finished_at=None)
    assert any(line.endswith(", for 27 minutes.") for line in screen(with_slot(2, running)))


def test_a_running_run_without_a_running_task_says_what_to_do() -> None:
    now = datetime.now(UTC)
    running = replace(
        green(2), state="running", is_all_right=None, started_at=now - timedelta(hours=1), finished_at=None,
        idle_since=now - timedelta(minutes=20),
    )  # fmt: skip
    text = " ".join(" ".join(screen(with_slot(2, running))).split())
    assert "but no task has run since" in text
    assert "If the DAG was paused in the middle of the run, unpause it: the run goes on." in text
    between_two_tasks = replace(running, idle_since=now - timedelta(seconds=20))
    assert "no task has run" not in " ".join(screen(with_slot(2, between_two_tasks)))


def test_in_the_middle_of_the_week_it_names_what_is_active_and_else_what_is_next() -> None:
    tuesday = replace(
        with_slot(4, without_run(4, "not due"), with_slot(3, without_run(3, "not due"))),
        now=datetime(2025, 10, 14, 12, tzinfo=UTC),
    )
    assert headline(tuesday).endswith(
        "ALL RIGHT SO FAR. 3 of 5 runs have succeeded. Next: Season statistics, Wed 15 Oct 02:00."
    )
    retrying = replace(green(2), state="retrying", is_all_right=None, message="fetch_heatmaps: status 503")
    lines = screen(with_slot(2, retrying, tuesday))
    assert lines[0].endswith("2 of 5 runs have succeeded. Heatmaps is retrying.")
    assert "> Heatmaps: Airflow will retry it by itself. fetch_heatmaps: status 503" in lines


def test_a_week_without_runs_names_the_next_slot() -> None:
    empty = replace(GREEN, slots=[without_run(number, "not run") for number in range(5)], outlook=None)
    lines = screen(empty)
    assert lines[0] == "Week of 13 October 2025: nothing has run. Next: Fixture mappings, Mon 20 Oct 02:00."
    assert lines[-2].endswith("unknown before the first run")


def test_a_slot_that_was_left_out_makes_the_week_incomplete() -> None:
    assert headline(with_slot(2, without_run(2, "not run"))) == (
        "Week of 13 October 2025: INCOMPLETE. Not run: Heatmaps. 4 of 5 runs have succeeded. Next: Fixture mappings,"
        " Mon 20 Oct 02:00."
    )
    due = with_slot(4, without_run(4, "due"), replace(GREEN, slots=[without_run(n, "not run") for n in range(5)]))
    assert "ALL RIGHT" not in headline(due)


def test_partial_runs_open_alerts_and_a_small_quota_are_named_in_a_green_verdict() -> None:
    status = with_slot(2, replace(green(2), calls_skipped=1_200), replace(GREEN, alerts=[replace(ALERT, total=1)]))
    lines = screen(replace(status, outlook=replace(OUTLOOK, calls_left=100, is_enough=False)))
    verdict = " ".join(lines[: lines.index("")])
    assert "ALL RIGHT. All 5 runs have succeeded. Look at: partial run of Heatmaps, 1 open alert, the quota" in verdict
    assert "partial" in row_of(lines, "Heatmaps")
    assert "> Heatmaps: skipped 1,200 calls over the budget; the next run makes them." in lines
    assert lines[-2].endswith("NOT ENOUGH")


def test_an_unknown_quota_and_a_forecast_without_matches_are_words() -> None:
    unknown = replace(OUTLOOK, calls_left=None, resets_at=None, is_enough=None)
    quota, forecast, _ = screen(replace(GREEN, outlook=unknown))[-3:]
    assert quota.endswith("unknown: SofaSport has not said how many calls are left")
    assert forecast.endswith("870 calls for the next 10 matches")
    summer = replace(unknown, calls_forecast=None)
    assert screen(replace(GREEN, outlook=summer))[-2].endswith("none without matches")


def test_a_nearly_complete_week_does_not_show_100_percent() -> None:
    lines = screen(with_slot(2, replace(green(2), have=99_999, want=100_000, lacking="heatmaps 99999 of 100000")))
    assert "99.9 %" in row_of(lines, "Heatmaps")
    assert "> Heatmaps: complete enough (heatmaps 99999 of 100000)." in lines


def test_manual_runs_have_no_deadline() -> None:
    assert row_of(screen(with_slot(1, replace(green(1), run_type="manual"))), "Lineups").endswith("none (manual)")


def test_cases_in_review_come_with_the_command() -> None:
    assert screen(replace(GREEN, review=Review(2, 1)))[-4].endswith(
        "2 players and 1 club to decide about: make mappings ARGS=review"
    )


def test_the_time_of_a_source_is_named() -> None:
    assert screen(GREEN)[-1].endswith("Thu 16 October 2025 13:00 by the clock of the data source")
    assert screen(replace(GREEN, now=datetime.now(UTC)))[-1].endswith("in London")


@pytest.mark.parametrize("columns", [80, 100, 300])
def test_the_worst_week_fits_on_a_screen(columns: int) -> None:
    failed = [
        replace(green(number), state="failed", is_all_right=False, message="check: it lacks this and that. " * 40)
        for number in range(5)
    ]
    others = [replace(ALERT, kind="link_contradicted", subject=f"player {number}") for number in range(9)]
    status = WeekStatus(THURSDAY, failed, [ALERT, *others], Review(12, 3), replace(OUTLOOK, is_enough=False))
    lines = screen(status, columns)
    assert len(lines) <= MOST_LINES
    notes = [line for line in lines if line.startswith(("> ", "  "))]
    assert max(map(len, notes)) <= min(columns, MOST_COLUMNS)
    assert "Alerts    10 open, 1 explained above" in lines
    assert "  and 4 more: make alerts" in lines
    assert sum("link contradicted, player" in line for line in lines) == 5


def test_an_alert_about_a_run_names_pipeline_and_run_once() -> None:
    lines = screen(replace(GREEN, alerts=[ALERT]))
    assert any("run failed, Tue 03:00 · Lineups, run of 14 October: A. A." in line for line in lines)
    assert not any("Lineups failed" in line for line in lines)


def test_an_alert_about_a_pipeline_names_it_as_the_ui_does() -> None:
    partial = replace(ALERT, kind="run_partial", subject="update_lineups")
    assert any("run partial, Tue 03:00 · Lineups: " in line for line in screen(replace(GREEN, alerts=[partial])))


def test_what_a_terminal_would_interpret_is_not_printed() -> None:
    hostile = "\x1b]0;title\x07 name \x1b[31m\r\n\u202e"
    status = with_slot(1, replace(green(1), state="failed", is_all_right=False, message=hostile))
    text = "".join(screen(replace(status, alerts=[replace(ALERT, message=hostile, subject=hostile)])))
    assert not set(text) & {"\x1b", "\x07", "\r", "\n", "\u202e"}
