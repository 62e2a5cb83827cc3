"""The forecast of a run's calls, and a run that would pass its budget: the most valuable first, the rest next time."""

import logging
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import psycopg
import pytest
import requests

from dev.local.postgres import EmbeddedPostgres
from fpl_pulse.errors import QuotaSpentError
from fpl_pulse.etl import attributes, heatmaps, lineups, season_statistics, thresholds
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.planning import calls_left
from fpl_pulse.store.digest import different, digest
from tests.db.conftest import ENDINGS, FETCHES, FIRST_MONDAY, PLANS, Pipelines, slots_of

SLOTS = slots_of(date(2025, 9, 1))
RESERVE = thresholds.QUOTA_RESERVE_CALLS
ANOTHER = "test_budget_another"
PLAN_OF_QUOTA = "remaining quota"


@pytest.fixture(autouse=True)
def _no_limits_afterwards(sandbox: str) -> Iterator[None]:
    """Other tests use the same sandbox."""
    yield
    requests.post(f"{sandbox}/__sandbox__/reset", json={"all": True}, timeout=30).raise_for_status()


@pytest.fixture
def another(postgres: EmbeddedPostgres, first_week: str, sandbox: str) -> Iterator[Pipelines]:
    """A second store after the same first week."""
    postgres.create_database(ANOTHER, template=first_week)
    with psycopg.connect(postgres.dsn(ANOTHER), autocommit=True) as connection:
        yield Pipelines(connection, sandbox)
    postgres.drop_database(ANOTHER)


def set_quota(pipelines: Pipelines, quota: int | None) -> None:
    """A plan of so many calls of which none is used."""
    requests.post(f"{pipelines.source}/__sandbox__/reset", timeout=30).raise_for_status()
    requests.post(
        f"{pipelines.source}/__sandbox__/limits", json={"quota": quota}, timeout=30
    ).raise_for_status()


def believe(pipelines: Pipelines, calls: int | None, resets_in: str | None = "5 days") -> None:
    """Let the ledger's newest word on the quota be this, as if the headers had said so."""
    pipelines.conn.execute(
        "update pulse.api_calls set quota_remaining = %s, quota_resets_at = clock_timestamp() + %s::interval"
        " where api = 'sofasport'",
        (calls, resets_in),
    )


def record(pipelines: Pipelines, context: StepContext) -> tuple[int, int, bool, str, str]:
    """The run's row: forecast, short by, is short, state, message."""
    row = pipelines.conn.execute(
        "select calls_forecast, calls_skipped, is_partial, state, coalesce(message, '') from pulse.pipeline_runs"
        " where run_id = %s",
        (context.run.run_id,),
    ).fetchone()
    assert row is not None
    return row


def calls_of(pipelines: Pipelines, context: StepContext) -> int:
    """Things asked for; what came empty was asked for twice."""
    calls = "select distinct endpoint, resource from pulse.api_calls where run_id = %s and api = 'sofasport'"
    return int(pipelines.one(f"select count(*) from ({calls}) as calls", context.run.run_id))


def fetch_all(context: StepContext, tasks: list[dict[str, int]]) -> None:
    """Every task that was planned, one after the other."""
    for op_kwargs in tasks:
        FETCHES[context.run.dag_id](context, **op_kwargs)


def run_bounded(
    pipelines: Pipelines, dag_id: str, most_calls: int, as_of: datetime | None = None
) -> StepContext:
    """A whole pipeline under a ceiling."""
    context = pipelines.context(dag_id, as_of or SLOTS[dag_id])
    context.most_calls = most_calls
    fetch_all(context, PLANS[dag_id](context) if dag_id in PLANS else [])
    for step in ENDINGS[dag_id]:
        step(context)
    return context


def alerts(pipelines: Pipelines) -> list[tuple[str, bool]]:
    """Alerts of short runs: whose, and whether they are open."""
    return pipelines.conn.execute(
        "select subject, closed_at is null from pulse.alerts where kind = 'run_partial' order by alert_id"
    ).fetchall()


def test_the_forecast_of_every_pipeline_is_logged_and_is_what_the_run_then_calls(
    loaded: Pipelines, caplog: pytest.LogCaptureFixture
) -> None:
    set_quota(loaded, 5000)
    with caplog.at_level(logging.INFO):
        works = loaded.week(date(2025, 9, 1))
    for context in works.values():
        forecast, calls_skipped, is_partial, state, _ = record(loaded, context)
        assert (forecast, calls_skipped, is_partial, state) == (
            calls_of(loaded, context),
            0,
            False,
            "success",
        )
    assert calls_of(loaded, works["collect_heatmaps"]) > 250
    lines = [line for line in caplog.messages if line.startswith("Forecast: ")]
    assert len(lines) == 5
    assert lines[2].startswith(
        f"Forecast: {calls_of(loaded, works['collect_heatmaps'])} calls to SofaSport; 4,9"
    )
    assert lines[2].endswith(f"UTC, {RESERVE} of them in reserve")
    assert alerts(loaded) == []


def test_a_purpose_is_counted_with_each_call_and_what_the_headers_say(loaded: Pipelines) -> None:
    assert loaded.one("select count(*) from pulse.api_calls where purpose = ''") == 0
    said = loaded.one(
        "select count(*) from pulse.api_calls where api = 'sofasport' and quota_remaining is not null"
        " and quota_resets_at > called_at"
    )
    assert said == loaded.one("select count(*) from pulse.api_calls where api = 'sofasport'")


def test_a_run_over_the_budget_fetches_the_newest_gameweek_and_its_starters_first(loaded: Pipelines) -> None:
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
    believe(loaded, 400)
    context = loaded.run("collect_heatmaps", SLOTS["collect_heatmaps"])
    asked = loaded.conn.execute(
        "select gameweek, is_starter, count(*)"
        " from (select event_id, player_id, endpoint, as_of from pulse.raw_resources) as reads"
        " join pulse.sofasport_lineup_players as players using (event_id, player_id)"
        " join pulse.fixture_mappings using (event_id) join pulse.fpl_fixtures using (season, fixture_id)"
        " where reads.endpoint like '%%heatmap' and reads.as_of = %s group by 1, 2 order by 1, 2",
        (context.as_of,),
    ).fetchall()
    assert asked == [(3, False, 5), (3, True, starters)]
    forecast, calls_skipped, is_partial, state, message = record(loaded, context)
    assert (is_partial, state) == (True, "success")
    assert forecast - calls_skipped == calls_of(loaded, context) == starters + 5 + 1
    assert f"partial run: {calls_skipped} calls skipped" in message
    assert "the next run makes them" in message
    assert alerts(loaded) == [("collect_heatmaps", True)]


def test_a_short_run_alerts_once_and_the_alert_is_closed_by_a_run_that_is_not_short(
    loaded: Pipelines,
) -> None:
    loaded.run("update_lineups", SLOTS["update_lineups"])
    for hours in (0, 1):
        as_of = SLOTS["collect_heatmaps"] + timedelta(hours=hours)
        run_bounded(loaded, "collect_heatmaps", 30, as_of)
    run_bounded(loaded, "update_season_stats", 20)
    assert alerts(loaded) == [("collect_heatmaps", True), ("update_season_stats", True)]
    loaded.run("collect_heatmaps", SLOTS["collect_heatmaps"] + timedelta(hours=2))
    assert alerts(loaded) == [("collect_heatmaps", False), ("update_season_stats", True)]


@pytest.mark.parametrize("dag_id", list(PLANS))
def test_no_pipeline_is_red_for_what_a_ceiling_leaves_out(loaded: Pipelines, dag_id: str) -> None:
    if dag_id != "update_lineups":
        loaded.run("update_lineups", SLOTS["update_lineups"])
    # As before a first run of the attributes: in a steady week everybody was asked about before.
    loaded.conn.execute("delete from pulse.sofasport_attributes")
    loaded.forget("endpoint = 'players/attribute-overviews'")
    context = run_bounded(loaded, dag_id, 7)
    forecast, calls_skipped, is_partial, state, message = record(loaded, context)
    assert calls_of(loaded, context) == 7 == forecast - calls_skipped
    assert (is_partial, state) == (True, "success")
    assert message.startswith(f"partial run: {calls_skipped} calls skipped")


def test_a_first_run_under_a_ceiling_begins_with_the_newest_gameweek_and_is_not_red(
    pipelines: Pipelines,
) -> None:
    slots = slots_of(FIRST_MONDAY)
    pipelines.run("update_fixture_mappings", slots["update_fixture_mappings"])
    for dag_id, most_calls in (("update_lineups", 14), ("collect_heatmaps", 250)):
        context = run_bounded(pipelines, dag_id, most_calls, slots[dag_id])
        assert record(pipelines, context)[2:4] == (True, "success")
    gameweeks = pipelines.conn.execute(
        "select gameweek, count(distinct event_id) from pulse.sofasport_lineup_players"
        " join pulse.fixture_mappings using (event_id) join pulse.fpl_fixtures using (season, fixture_id)"
        " group by 1 order by 1"
    ).fetchall()
    assert gameweeks[-1] == (2, 10)
    assert gameweeks[0][1] < 10


def test_a_week_with_too_small_a_quota_ends_after_the_reset_as_one_without_any_limit(
    loaded: Pipelines, another: Pipelines
) -> None:
    free = loaded.week(date(2025, 9, 1))
    short = another
    set_quota(short, 400)
    works = [short.run(dag_id, slot) for dag_id, slot in SLOTS.items()]
    assert [record(short, context)[3] for context in works] == ["success"] * 5
    assert [record(short, context)[2] for context in works] == [False, False, False, True, True]
    assert different(digest(loaded.conn), digest(short.conn)) != []
    set_quota(short, 5000)
    rest = [short.run(dag_id, SLOTS[dag_id]) for dag_id in ("update_season_stats", "update_radar_attributes")]
    assert [record(short, context)[1] for context in rest] == [0, 0]
    assert different(digest(loaded.conn), digest(short.conn)) == []
    for dag_id in ("update_season_stats", "update_radar_attributes"):
        endpoint = max(loaded.calls(free[dag_id]), key=lambda name: loaded.calls(free[dag_id])[name])
        bounded = [context for context in (*works, *rest) if context.run.dag_id == dag_id]
        asked = [short.calls(context).get(endpoint, 0) for context in bounded]
        assert sum(asked) == loaded.calls(free[dag_id])[endpoint]
        twice = short.one(
            "select count(*) from (select resource from pulse.api_calls where run_id = any(%s) and endpoint = %s"
            " group by resource having count(*) > 1) as twice",
            [context.run.run_id for context in bounded],
            endpoint,
        )
        assert twice == 0


def test_a_quota_that_is_spent_in_the_middle_keeps_what_was_fetched_and_asks_only_for_the_rest(
    loaded: Pipelines,
) -> None:
    loaded.run("update_lineups", SLOTS["update_lineups"])
    set_quota(loaded, 20)
    context = loaded.context("collect_heatmaps", SLOTS["collect_heatmaps"])
    tasks = heatmaps.plan_heatmaps(context)
    with pytest.raises(QuotaSpentError, match="clear the run after the reset"):
        fetch_all(context, tasks)
    left = calls_left(context)
    assert left is not None
    assert left.calls == 0
    set_quota(loaded, 5000)
    fetch_all(context, tasks)
    for step in ENDINGS["collect_heatmaps"]:
        step(context)
    good = "select {} from pulse.api_calls where run_id = %s and api = 'sofasport' and status in (200, 404)"
    assert (
        loaded.one(good.format("count(*)") + " and outcome <> 'empty'", context.run.run_id)
        <= record(loaded, context)[0]
    )
    assert (
        loaded.one(good.format("count(distinct resource)"), context.run.run_id) == record(loaded, context)[0]
    )


def test_a_task_that_is_tried_again_leaves_out_what_it_left_out_before(loaded: Pipelines) -> None:
    loaded.run("update_lineups", SLOTS["update_lineups"])
    context = loaded.context("collect_heatmaps", SLOTS["collect_heatmaps"])
    context.most_calls = 8
    tasks = heatmaps.plan_heatmaps(context)
    for _ in range(2):
        fetch_all(context, tasks)
    assert calls_of(loaded, context) == 8


def test_with_no_word_on_the_quota_nothing_is_left_out(
    loaded: Pipelines, caplog: pytest.LogCaptureFixture
) -> None:
    believe(loaded, None, None)
    context = loaded.context("update_season_stats", SLOTS["update_season_stats"])
    assert calls_left(context) is None
    with caplog.at_level(logging.INFO):
        season_statistics.plan_season_statistics(context)
    assert "the remaining quota is unknown" in caplog.text
    assert record(loaded, context)[1] == 0


def test_a_quota_whose_reset_has_passed_leaves_nothing_out(loaded: Pipelines) -> None:
    believe(loaded, 3, "-1 second")
    context = loaded.context("update_radar_attributes", SLOTS["update_radar_attributes"])
    assert calls_left(context) is None
    attributes.plan_attributes(context)
    assert record(loaded, context)[1] == 0
    assert calls_of(loaded, context) == 0


def test_before_anything_is_left_out_one_call_asks_whether_the_plan_has_grown(loaded: Pipelines) -> None:
    loaded.run("update_lineups", SLOTS["update_lineups"])
    believe(loaded, 0, None)
    context = loaded.context("collect_heatmaps", SLOTS["collect_heatmaps"])
    heatmaps.plan_heatmaps(context)
    assert record(loaded, context)[1] == 0
    assert (
        loaded.one("select purpose from pulse.api_calls where run_id = %s", context.run.run_id)
        == PLAN_OF_QUOTA
    )


def test_with_a_spent_quota_a_run_plans_nothing_and_says_so(loaded: Pipelines) -> None:
    loaded.run("update_lineups", SLOTS["update_lineups"])
    set_quota(loaded, 0)
    believe(loaded, 0)
    context = loaded.run("collect_heatmaps", SLOTS["collect_heatmaps"])
    assert record(loaded, context)[2:4] == (True, "success")
    assert loaded.one("select count(*) from pulse.raw_resources where as_of = %s", context.as_of) == 0


def test_calls_that_brought_no_word_on_the_quota_are_taken_off_what_is_left(loaded: Pipelines) -> None:
    context = loaded.context("update_lineups", SLOTS["update_lineups"])
    believe(loaded, 300)
    loaded.conn.execute(
        "update pulse.api_calls set quota_remaining = null where call_id in (select call_id from pulse.api_calls"
        " where api = 'sofasport' order by call_id desc limit 7)"
    )
    left = calls_left(context)
    assert left is not None
    assert left.calls == 293


def test_the_lineups_may_use_the_reserve_that_the_heatmaps_leave(loaded: Pipelines) -> None:
    set_quota(loaded, RESERVE)
    loaded.run("update_fixture_mappings", SLOTS["update_fixture_mappings"])
    context = loaded.context("update_lineups", SLOTS["update_lineups"])
    assert len(lineups.plan_matches(context)) >= 10
    assert record(loaded, context)[1] == 0
