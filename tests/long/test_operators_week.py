"""An operator's week on a real Airflow, through its command line and REST API.

The fixture `week` runs all steps once, in order. The tests check what each step left behind. The tests shorten waits
only: before a retry, between two pokes of a sensor, and until a deadline has passed.
"""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from dev.local.airflow_environment import admin_password
from dev.local.week_run import plan_week
from fpl_pulse.week import slot_on_or_before
from tests.long.operator_stack import operator_stack
from tests.long.operator_steps import (
    ATTRIBUTES,
    FORTNIGHT,
    LINEUPS,
    MAPPINGS,
    PLANNED,
    PLAYERS_OF_MATCH,
    Week,
    run_all_steps,
)

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Week]:
    """Run all steps on a new stack."""
    with operator_stack(tmp_path_factory.mktemp("operator"), MAPPINGS.as_of, schedules=False) as stack:
        week = Week(stack)
        run_all_steps(week)
        yield week


def kinds(alerts: list[tuple[str, str, str, bool]]) -> dict[str, int]:
    return dict(Counter(alert[0] for alert in alerts))


def test_a_backfill_of_a_past_week_succeeds_without_an_alert(week: Week) -> None:
    runs = week.stack.runs(*week.runs["week"])
    assert [run["state"] for run in runs] == ["success"] * 5
    assert {run["run_type"] for run in runs} == {"backfill"}
    recorded = week.stack.rows(
        "select dag_id, as_of, run_type, state from pulse.pipeline_runs where run_id = any(%s) order by as_of",
        week.runs["week"],
    )
    assert recorded == [(one.slot.dag_id, one.as_of, "backfill", "success") for one in PLANNED]
    assert week.alerts["week"] == []
    assert week.messages["week"] == []


def test_a_finished_run_has_a_note_with_rows_calls_and_coverage(week: Week) -> None:
    for run in week.stack.runs(*week.runs["week"]):
        note = run["note"]
        assert note.startswith("FPL Pulse: SUCCESS: "), run["dag_id"]
        assert "rows new" in note
        assert "calls to SofaSport" in note
        assert "/" in note


def test_backfill_runs_have_no_deadline(week: Week) -> None:
    assert {run_id for run_id, _ in week.seen["deadlines before"]} == set(week.runs["missed deadline"])


def test_a_manual_run_for_one_match_makes_one_call_per_player_and_no_alert(week: Week) -> None:
    (players,) = week.stack.rows(
        "select count(*) from pulse.sofasport_lineup_players where minutes > 0 and event_id = %s", week.seen["match"]
    )[0]
    calls = week.stack.rows(
        "select count(distinct resource), bool_and(resource like %s), max(times) from ("
        " select resource, count(*) filter (where outcome <> 'empty') as times from pulse.api_calls"
        " where run_id = 'one_match' and api = 'sofasport' group by 1) as calls",
        f"event_id={week.seen['match']}&%",
    )
    # An empty response may mean that a player has no heatmap. The run accepts it when it comes twice.
    assert calls == [(players, True, 1)]
    assert week.alerts["one match"] == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a gameweek that does not exist", "61"),
        ("a text instead of a list", "matches"),
        ("an unknown parameter", "gameweek"),
        ("a budget of 0 calls", "most_calls"),
    ],
)
def test_invalid_parameters_are_rejected_with_a_sentence_before_any_call(week: Week, name: str, expected: str) -> None:
    output, no_call = week.seen["rejected"][name]
    assert expected in output
    assert no_call


def test_a_run_in_which_two_matches_failed_raises_one_alert_that_the_clear_closes(week: Week) -> None:
    ((kind, run_id, message, is_open),) = week.alerts["failed fetch"]
    assert (kind, run_id, is_open) == ("run_failed", week.runs["failed fetch"][0], True)
    assert message.count("fetch_lineup [GW") == 1
    assert message.partition("]")[0].count("GW") == 2
    assert "A retry can help" in message
    assert f"/dags/update_lineups/runs/{run_id}" in message
    (sent,) = week.messages["failed fetch"]
    assert message in sent["message"]
    assert week.seen["after the clear"] == "success"
    assert week.alerts["failed fetch cleared"] == []
    assert week.messages["failed fetch cleared"] == []
    assert [one[3] for one in week.stack.alerts() if one[1] == run_id] == [False]


def test_the_failed_fetch_was_tried_four_times_before_the_alert(week: Week) -> None:
    tries = week.stack.rows(
        "select map_index, count(*) filter (where state = 'failed') from pulse.task_attempts"
        " where run_id = %s and task_id = 'fetch_lineup' group by 1 order by 1", week.runs["failed fetch"][0],
    )  # fmt: skip
    assert tries == [(0, 4)]


def test_clearing_one_match_of_the_lineups_fetches_its_heatmaps_and_statistics_again(week: Week) -> None:
    assert set(week.seen["cleared"].values()) == {"success"}
    lineups, heatmaps, statistics = week.runs["clear"]
    cleared = week.stack.airflow_rows(
        "select run_id, clear_number from dag_run where run_id = any(%s)", week.runs["clear"]
    )
    assert dict(cleared) == {lineups: 1, heatmaps: 1, statistics: 1}
    (heatmaps_of_match,) = week.stack.rows(
        "select count(*) from pulse.sofasport_heatmaps where event_id = %s", week.seen["match"]
    )[0]
    assert heatmaps_of_match > 20
    players, with_statistics = week.stack.rows(
        f"select count(*), count(stored.player_id) from {PLAYERS_OF_MATCH} as played"
        " left join pulse.sofasport_season_statistics as stored using (player_id)",
        week.seen["match"],
    )[0]
    assert players == with_statistics > 20
    assert players <= week.stack.calls(statistics) - week.seen["calls before"] < 2 * players
    assert week.alerts["clear"] == []


def test_a_backfill_of_two_weeks_succeeds_for_all_five_pipelines_without_an_alert(week: Week) -> None:
    recorded = week.stack.rows(
        "select dag_id, as_of, state from pulse.pipeline_runs where run_id = any(%s) order by as_of",
        week.runs["fortnight"],
    )
    expected = [one for monday in FORTNIGHT for one in plan_week(monday)]
    assert recorded == [(one.slot.dag_id, one.as_of, "success") for one in expected]
    assert week.alerts["fortnight"] == []


def test_a_backfill_respects_its_budget_and_raises_the_alert_for_a_partial_run(week: Week) -> None:
    (run_id,) = week.runs["budget"]
    assert week.stack.calls(run_id) == 5
    ((state, calls_skipped),) = week.stack.rows(
        "select state, calls_skipped from pulse.pipeline_runs where run_id = %s and dag_id = %s",
        run_id,
        ATTRIBUTES.slot.dag_id,
    )
    assert state == "success"
    assert calls_skipped > 100
    assert kinds(week.alerts["budget"]) == {"run_partial": 1}


def test_a_second_backfill_of_the_same_weeks_starts_no_run(week: Week) -> None:
    before, after, unfinished = week.seen["again"]
    assert len(before) == 10
    assert after == before
    assert unfinished == set()


def test_a_missed_deadline_is_reported_once_with_what_the_run_waits_for(week: Week) -> None:
    ((kind, run_id, message, is_open),) = week.alerts["missed deadline"]
    assert (kind, is_open) == ("deadline_missed", True)
    assert "Tue 03:00 · Lineups has not finished by its deadline" in message
    assert "It has been waiting for Mon 02:00 · Fixture mappings since" in message
    assert len(week.messages["missed deadline"]) == 1
    assert week.seen["deadlines before"] == [(run_id, False)]
    assert week.seen["deadlines after"] == [(run_id, True)]


def test_the_run_that_gives_up_waiting_is_reported_once_and_says_what_to_do(week: Week) -> None:
    assert kinds(week.alerts["paused Monday"]) == {"run_failed": 1}
    ((_, _, message, _),) = week.alerts["paused Monday"]
    assert "Mon 02:00 · Fixture mappings has no run for this week's slot" in message
    assert "airflow dags trigger update_fixture_mappings" in message
    assert len(week.messages["paused Monday"]) == 1


def test_no_message_and_no_alert_contains_a_secret(week: Week) -> None:
    stack = week.stack
    text = json.dumps([stack.sink.received, [str(alert) for alert in stack.alerts()]])
    for secret in (stack.sandbox.key, admin_password(stack.sandbox.layout), "sink-password-4711"):
        assert secret not in text


def test_the_scheduled_run_is_the_one_of_the_newest_slot(week: Week) -> None:
    (run,) = week.stack.runs(*week.runs["missed deadline"])
    slot = slot_on_or_before(LINEUPS.slot, datetime.now(UTC))
    assert datetime.fromisoformat(run["logical_date"]) in (slot, slot - timedelta(days=7))
