"""A run's forecast of calls, and a run whose calls exceed its budget: it skips the least important ones."""

import logging
from collections.abc import Iterator
from datetime import date, timedelta

import psycopg
import pytest

from dev.local.postgres import EmbeddedPostgres
from dev.pipelines import PLANS, Pipelines, slots_of
from fpl_pulse.etl import heatmaps, thresholds
from fpl_pulse.store.digest import different, digest
from tests.db.quota import SLOTS, fetch_all, resources_requested, run_row, run_with_limit, set_quota, set_recorded_quota
from tests.installations import FIRST_MONDAY

RESERVE = thresholds.QUOTA_RESERVE_CALLS
SECOND_STORE = "test_budget_second_store"
pytestmark = pytest.mark.usefixtures("no_limits_afterwards", "no_limits_in_the_small_league")


@pytest.fixture
def second_store(postgres: EmbeddedPostgres, small_first_week: str, small_league: str) -> Iterator[Pipelines]:
    """The pipelines on a second copy of the database after the first week."""
    postgres.create_database(SECOND_STORE, template=small_first_week)
    with psycopg.connect(postgres.dsn(SECOND_STORE), autocommit=True) as connection:
        yield Pipelines(connection, small_league)
    postgres.drop_database(SECOND_STORE)


def alerts(pipelines: Pipelines) -> list[tuple[str, bool]]:
    """The alerts about partial runs: subject, and whether the alert is open."""
    return pipelines.conn.execute(
        "select subject, closed_at is null from pulse.alerts where kind = 'run_partial' order by alert_id"
    ).fetchall()


def test_the_logged_forecast_of_each_pipeline_equals_the_calls_of_its_run(
    small: Pipelines, caplog: pytest.LogCaptureFixture
) -> None:
    set_quota(small, 5000)
    with caplog.at_level(logging.INFO):
        contexts = small.week(date(2025, 9, 1))
    for context in contexts.values():
        forecast, calls_skipped, is_partial, state, _ = run_row(small, context)
        assert (forecast, calls_skipped, is_partial, state) == (
            resources_requested(small, context),
            0,
            False,
            "success",
        )
    assert resources_requested(small, contexts["collect_heatmaps"]) > 70
    lines = [line for line in caplog.messages if line.startswith("Forecast: ")]
    assert len(lines) == 5
    assert lines[2].startswith(
        f"Forecast: {resources_requested(small, contexts['collect_heatmaps'])} calls to SofaSport; 4,9"
    )
    assert lines[2].endswith(f"London time, {RESERVE} of them in reserve")
    assert alerts(small) == []


def test_a_run_over_budget_fetches_the_starters_of_the_newest_gameweek_first(loaded: Pipelines) -> None:
    loaded.run("update_lineups", SLOTS["update_lineups"])
    loaded.conn.execute(
        "delete from pulse.sofasport_heatmaps where event_id in (select event_id from pulse.fixture_mappings"
        " join pulse.fpl_fixtures using (season, fixture_id) where gameweek = 2)"
    )
    loaded.forget(
        "endpoint like '%%heatmap' and event_id in"
        " (select event_id from pulse.fixture_mappings join pulse.fpl_fixtures using (season, fixture_id)"
        " where gameweek = 2)"
    )
    starters = 10 * 2 * 11
    set_quota(loaded, starters + RESERVE + 5 + 1)
    set_recorded_quota(loaded, 400)
    context = loaded.run("collect_heatmaps", SLOTS["collect_heatmaps"])
    requested = loaded.conn.execute(
        "select gameweek, is_starter, count(*)"
        " from (select event_id, player_id, endpoint, as_of from pulse.raw_resources) as resources"
        " join pulse.sofasport_lineup_players as players using (event_id, player_id)"
        " join pulse.fixture_mappings using (event_id) join pulse.fpl_fixtures using (season, fixture_id)"
        " where resources.endpoint like '%%heatmap' and resources.as_of = %s group by 1, 2 order by 1, 2",
        (context.as_of,),
    ).fetchall()
    assert requested == [(3, False, 5), (3, True, starters)]
    forecast, calls_skipped, is_partial, state, message = run_row(loaded, context)
    assert (is_partial, state) == (True, "success")
    assert forecast - calls_skipped == resources_requested(loaded, context) == starters + 5 + 1
    assert f"partial run: {calls_skipped} calls skipped" in message
    assert "the next run makes them" in message
    assert alerts(loaded) == [("collect_heatmaps", True)]


def test_partial_runs_open_one_alert_that_the_next_full_run_closes(small: Pipelines) -> None:
    small.run("update_lineups", SLOTS["update_lineups"])
    for hours in (0, 1):
        as_of = SLOTS["collect_heatmaps"] + timedelta(hours=hours)
        run_with_limit(small, "collect_heatmaps", 30, as_of)
    run_with_limit(small, "update_season_stats", 20)
    assert alerts(small) == [("collect_heatmaps", True), ("update_season_stats", True)]
    small.run("collect_heatmaps", SLOTS["collect_heatmaps"] + timedelta(hours=2))
    assert alerts(small) == [("collect_heatmaps", False), ("update_season_stats", True)]


@pytest.mark.parametrize("dag_id", list(PLANS))
def test_a_run_with_most_calls_is_partial_and_succeeds(small: Pipelines, dag_id: str) -> None:
    if dag_id != "update_lineups":
        small.run("update_lineups", SLOTS["update_lineups"])
    # Otherwise all attributes have been requested before, and update_radar_attributes plans less than the limit.
    small.conn.execute("delete from pulse.sofasport_attributes")
    small.forget("endpoint = 'players/attribute-overviews'")
    context = run_with_limit(small, dag_id, 7)
    forecast, calls_skipped, is_partial, state, message = run_row(small, context)
    assert resources_requested(small, context) == 7 == forecast - calls_skipped
    assert (is_partial, state) == (True, "success")
    assert message.startswith(f"partial run: {calls_skipped} calls skipped")


def test_a_first_run_with_most_calls_begins_with_the_newest_gameweek_and_succeeds(pipelines: Pipelines) -> None:
    slots = slots_of(FIRST_MONDAY)
    pipelines.run("update_fixture_mappings", slots["update_fixture_mappings"])
    for dag_id, most_calls in (("update_lineups", 14), ("collect_heatmaps", 250)):
        context = run_with_limit(pipelines, dag_id, most_calls, slots[dag_id])
        assert run_row(pipelines, context)[2:4] == (True, "success")
    gameweeks = pipelines.conn.execute(
        "select gameweek, count(distinct event_id) from pulse.sofasport_lineup_players"
        " join pulse.fixture_mappings using (event_id) join pulse.fpl_fixtures using (season, fixture_id)"
        " group by 1 order by 1"
    ).fetchall()
    assert gameweeks[-1] == (2, 10)
    assert gameweeks[0][1] < 10


def test_a_week_with_too_small_a_quota_is_completed_after_the_reset_without_calls_made_twice(
    small: Pipelines, second_store: Pipelines
) -> None:
    unlimited = small.week(date(2025, 9, 1))
    limited = second_store
    set_quota(limited, 170)
    contexts = [limited.run(dag_id, slot) for dag_id, slot in SLOTS.items()]
    assert [run_row(limited, context)[3] for context in contexts] == ["success"] * 5
    assert [run_row(limited, context)[2] for context in contexts] == [False, False, False, True, True]
    assert different(digest(small.conn), digest(limited.conn)) != []
    set_quota(limited, 5000)
    rest = [limited.run(dag_id, SLOTS[dag_id]) for dag_id in ("update_season_stats", "update_radar_attributes")]
    assert [run_row(limited, context)[1] for context in rest] == [0, 0]
    assert different(digest(small.conn), digest(limited.conn)) == []
    for dag_id in ("update_season_stats", "update_radar_attributes"):
        endpoint = max(small.calls(unlimited[dag_id]), key=lambda name: small.calls(unlimited[dag_id])[name])
        of_dag = [context for context in (*contexts, *rest) if context.run.dag_id == dag_id]
        requested = [limited.calls(context).get(endpoint, 0) for context in of_dag]
        assert sum(requested) == small.calls(unlimited[dag_id])[endpoint]
        repeated = limited.one(
            "select count(*) from (select resource from pulse.api_calls where run_id = any(%s) and endpoint = %s"
            " group by resource having count(*) > 1) as repeated",
            [context.run.run_id for context in of_dag],
            endpoint,
        )
        assert repeated == 0


def test_a_retry_skips_the_same_calls_again(small: Pipelines) -> None:
    small.run("update_lineups", SLOTS["update_lineups"])
    context = small.context("collect_heatmaps", SLOTS["collect_heatmaps"])
    context.most_calls = 8
    tasks = heatmaps.plan_heatmaps(context)
    for _ in range(2):
        fetch_all(context, tasks)
    assert resources_requested(small, context) == 8
