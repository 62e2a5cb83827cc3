"""What an operator does in a week, on a whole Airflow by its command line and REST API, and what is left of it.

One stack serves the module; `week` plays the story in order, the tests read what it has left. Only waits are cut short:
between two tries, between two looks of a sensor, and until a deadline has passed.
"""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from dev.local import postgres_home
from dev.local.airflow_environment import DEMO_DATABASES, admin_password
from dev.local.airflow_stack import LocalStack
from dev.local.layout import Layout
from dev.local.source import Sandbox
from dev.local.week_run import plan_week
from fpl_pulse.week import slot_on_or_before
from tests.db.sinks import sink
from tests.long.operators_week import (
    ATTRIBUTES,
    FORTNIGHT,
    LINEUPS,
    MAPPINGS,
    OF_THE_MATCH,
    PLANNED,
    OperatorsStage,
    Week,
    play,
)

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Week]:
    """Everything, once."""
    layout = Layout(state=tmp_path_factory.mktemp("operator") / "local")
    sandbox = Sandbox.at(layout, MAPPINGS.as_of)
    with ExitStack() as cleanup:
        told = cleanup.enter_context(sink())
        stack = LocalStack(
            layout,
            {**sandbox.source.connections, "AIRFLOW_CONN_FPL_PULSE_ALERTS": told.connection()},
            databases=DEMO_DATABASES,
            schedules=False,
            say=print,
            calls_per_second="200",
        )
        cleanup.callback(postgres_home.remove, layout.postgres)
        cleanup.callback(stack.stop)
        stack.reserve()
        sandbox.start(stack.run_beside)
        stack.start()
        stage = OperatorsStage(stack, sandbox, stack._postgres, told=told)
        story = Week(stage)
        play(story)
        yield story


def kinds(alerts: list[tuple[str, str, str, bool]]) -> dict[str, int]:
    return dict(Counter(alert[0] for alert in alerts))


def test_a_past_week_by_backfill_is_green_and_raises_nothing(week: Week) -> None:
    runs = week.stage.runs(*week.runs["week"])
    assert [run["state"] for run in runs] == ["success"] * 5
    assert {run["run_type"] for run in runs} == {"backfill"}
    recorded = week.stage.rows(
        "select dag_id, as_of, run_type, state from pulse.pipeline_runs where run_id = any(%s) order by as_of",
        week.runs["week"],
    )
    assert recorded == [(one.slot.dag_id, one.as_of, "backfill", "success") for one in PLANNED]
    assert week.alerts["week"] == []
    assert week.messages["week"] == []


def test_a_finished_run_bears_a_note_with_rows_calls_and_coverage(week: Week) -> None:
    for run in week.stage.runs(*week.runs["week"]):
        note = run["note"]
        assert note.startswith("FPL Pulse: SUCCESS: "), run["dag_id"]
        assert "rows new" in note
        assert "calls to SofaSport" in note
        assert "/" in note


def test_runs_of_a_backfill_have_no_deadline(week: Week) -> None:
    assert {run_id for run_id, _ in week.seen["deadlines before"]} == set(week.runs["missed deadline"])


def test_one_match_by_hand_costs_one_call_a_player_and_raises_nothing(week: Week) -> None:
    (players,) = week.stage.rows(
        "select count(*) from pulse.sofasport_lineup_players where minutes > 0 and event_id = %s",
        week.seen["match"],
    )[0]
    calls = week.stage.rows(
        "select count(distinct resource), bool_and(resource like %s), max(times) from ("
        " select resource, count(*) filter (where outcome <> 'empty') as times from pulse.api_calls"
        " where run_id = 'by_hand' and api = 'sofasport' group by 1) as calls",
        f"event_id={week.seen['match']}&%",
    )
    # Where a player has none the answer may be empty, and is believed when it comes twice.
    assert calls == [(players, True, 1)]
    assert week.alerts["by hand"] == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a gameweek too many", "39"),
        ("a text", "matches"),
        ("an unknown name", "gameweek"),
        ("no calls", "most_calls"),
    ],
)
def test_wrong_values_are_refused_with_a_sentence_before_any_call(
    week: Week, name: str, expected: str
) -> None:
    said, no_call = week.seen["refused"][name]
    assert expected in said
    assert no_call


def test_a_run_with_two_failed_fetches_is_reported_once_and_closed_by_the_clear(week: Week) -> None:
    ((kind, run_id, message, is_open),) = week.alerts["failed fetch"]
    assert (kind, run_id, is_open) == ("run_failed", week.runs["failed fetch"][0], True)
    assert message.count("fetch_lineup [GW") == 2
    assert "Trying again can help" in message
    assert f"/dags/update_lineups/runs/{run_id}" in message
    (sent,) = week.messages["failed fetch"]
    assert message in sent["message"]
    assert week.seen["after the clear"] == "success"
    assert week.alerts["failed fetch cleared"] == []
    assert week.messages["failed fetch cleared"] == []
    assert [one[3] for one in week.stage.alerts() if one[1] == run_id] == [False]


def test_each_failed_fetch_was_tried_four_times_before_it_was_reported(week: Week) -> None:
    tries = week.stage.rows(
        "select map_index, count(*) filter (where state = 'failed') from pulse.task_attempts"
        " where run_id = %s and task_id = 'fetch_lineup' group by 1 order by 1", week.runs["failed fetch"][0],
    )  # fmt: skip
    assert tries == [(0, 4), (1, 4)]


def test_clearing_one_match_of_the_lineups_has_its_heatmaps_redone_and_the_statistics_looked_at(
    week: Week,
) -> None:
    assert set(week.seen["cleared"].values()) == {"success"}
    lineups, heatmaps, statistics = week.runs["clear"]
    cleared = week.stage.airflow_rows(
        "select run_id, clear_number from dag_run where run_id = any(%s)", week.runs["clear"]
    )
    assert dict(cleared) == {lineups: 1, heatmaps: 1, statistics: 1}
    (there,) = week.stage.rows(
        "select count(*) from pulse.sofasport_heatmaps where event_id = %s", week.seen["match"]
    )[0]
    assert there > 20
    players, with_statistics = week.stage.rows(
        f"select count(*), count(stored.player_id) from {OF_THE_MATCH} as played"
        " left join pulse.sofasport_season_statistics as stored using (player_id)",
        week.seen["match"],
    )[0]
    assert players == with_statistics > 20
    assert players <= week.stage.calls(statistics) - week.seen["calls before"] < 2 * players
    assert week.alerts["clear"] == []


def test_a_backfill_of_two_weeks_is_green_for_all_five_and_raises_nothing(week: Week) -> None:
    recorded = week.stage.rows(
        "select dag_id, as_of, state from pulse.pipeline_runs where run_id = any(%s) order by as_of",
        week.runs["fortnight"],
    )
    expected = [one for monday in FORTNIGHT for one in plan_week(monday)]
    assert recorded == [(one.slot.dag_id, one.as_of, "success") for one in expected]
    assert week.alerts["fortnight"] == []


def test_a_backfill_keeps_within_its_budget_and_says_that_it_is_short(week: Week) -> None:
    (run_id,) = week.runs["budget"]
    assert week.stage.calls(run_id) == 5
    ((state, short_by),) = week.stage.rows(
        "select state, short_by from pulse.pipeline_runs where run_id = %s and dag_id = %s",
        run_id,
        ATTRIBUTES.slot.dag_id,
    )
    assert state == "success"
    assert short_by > 100
    assert kinds(week.alerts["budget"]) == {"run_short": 1}


def test_a_backfill_that_was_done_is_not_done_again(week: Week) -> None:
    before, after, under_way = week.seen["again"]
    assert len(before) == 10
    assert after == before
    assert under_way == set()


def test_a_missed_deadline_is_told_once_with_what_the_run_waits_for(week: Week) -> None:
    ((kind, run_id, message, is_open),) = week.alerts["missed deadline"]
    assert (kind, is_open) == ("deadline_missed", True)
    assert "update_lineups is not done by its deadline" in message
    assert "It waits for update_fixture_mappings since" in message
    assert len(week.messages["missed deadline"]) == 1
    assert week.seen["deadlines before"] == [(run_id, False)]
    assert week.seen["deadlines after"] == [(run_id, True)]


def test_the_run_that_then_gives_up_is_told_once_and_says_what_to_do(week: Week) -> None:
    assert kinds(week.alerts["paused Monday"]) == {"run_failed": 1}
    ((_, _, message, _),) = week.alerts["paused Monday"]
    assert "update_fixture_mappings has no run for this week's slot" in message
    assert "airflow dags trigger update_fixture_mappings" in message
    assert len(week.messages["paused Monday"]) == 1


def test_no_message_and_no_alert_holds_a_secret(week: Week) -> None:
    stage = week.stage
    text = json.dumps([stage.told.received, [str(alert) for alert in stage.alerts()]])
    for secret in (stage.sandbox.key, admin_password(stage.sandbox.layout), "sink-password-4711"):
        assert secret not in text


def test_the_scheduled_run_was_for_the_newest_slot(week: Week) -> None:
    (run,) = week.stage.runs(*week.runs["missed deadline"])
    slot = slot_on_or_before(LINEUPS.slot, datetime.now(UTC))
    assert datetime.fromisoformat(run["logical_date"]) in (slot, slot - timedelta(days=7))
