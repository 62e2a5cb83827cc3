"""The remaining quota: where a run reads it, when it counts as unknown, and a quota that is spent during a run."""

import logging

import pytest

from dev.pipelines import ENDINGS, Pipelines, units_of
from fpl_pulse.errors import QuotaSpentError
from fpl_pulse.etl import attributes, heatmaps, lineups, season_statistics, thresholds
from fpl_pulse.etl.planning import calls_left
from tests.db.quota import SLOTS, fetch_all, resources_requested, run_row, set_quota, set_recorded_quota

RESERVE = thresholds.QUOTA_RESERVE_CALLS
pytestmark = pytest.mark.usefixtures("no_limits_afterwards")


def test_each_recorded_call_has_its_purpose_and_the_quota_of_the_headers(loaded: Pipelines) -> None:
    assert loaded.one("select count(*) from pulse.api_calls where purpose = ''") == 0
    with_quota = loaded.one(
        "select count(*) from pulse.api_calls where api = 'sofasport' and quota_remaining is not null"
        " and quota_resets_at > called_at"
    )
    assert with_quota == loaded.one("select count(*) from pulse.api_calls where api = 'sofasport'")


def test_a_run_whose_quota_is_spent_keeps_what_it_fetched_and_later_requests_only_the_rest(loaded: Pipelines) -> None:
    loaded.run("update_lineups", SLOTS["update_lineups"])
    set_quota(loaded, 20)
    context = loaded.context("collect_heatmaps", SLOTS["collect_heatmaps"])
    tasks = heatmaps.plan_heatmaps(context)
    with pytest.raises(QuotaSpentError, match="Clear the failed tasks after the quota's reset"):
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
        <= run_row(loaded, context)[0]
    )
    assert loaded.one(good.format("count(distinct resource)"), context.run.run_id) == run_row(loaded, context)[0]


def test_nothing_is_skipped_when_the_remaining_quota_is_unknown(
    loaded: Pipelines, caplog: pytest.LogCaptureFixture
) -> None:
    set_recorded_quota(loaded, None, None)
    context = loaded.context("update_season_stats", SLOTS["update_season_stats"])
    assert calls_left(context) is None
    with caplog.at_level(logging.INFO):
        season_statistics.plan_season_statistics(context)
    assert "the remaining quota is unknown" in caplog.text
    assert run_row(loaded, context)[1] == 0


def test_nothing_is_skipped_when_the_reset_of_the_quota_has_passed(loaded: Pipelines) -> None:
    set_recorded_quota(loaded, 3, "-1 second")
    context = loaded.context("update_radar_attributes", SLOTS["update_radar_attributes"])
    assert calls_left(context) is None
    attributes.plan_attributes(context)
    assert run_row(loaded, context)[1] == 0
    assert resources_requested(loaded, context) == 0


def test_before_a_run_skips_calls_one_call_reads_the_current_quota(loaded: Pipelines) -> None:
    loaded.run("update_lineups", SLOTS["update_lineups"])
    set_recorded_quota(loaded, 0, None)
    context = loaded.context("collect_heatmaps", SLOTS["collect_heatmaps"])
    heatmaps.plan_heatmaps(context)
    assert run_row(loaded, context)[1] == 0
    assert loaded.one("select purpose from pulse.api_calls where run_id = %s", context.run.run_id) == "remaining quota"


def test_a_run_with_a_spent_quota_is_partial_and_requests_nothing(loaded: Pipelines) -> None:
    loaded.run("update_lineups", SLOTS["update_lineups"])
    set_quota(loaded, 0)
    set_recorded_quota(loaded, 0)
    context = loaded.run("collect_heatmaps", SLOTS["collect_heatmaps"])
    assert run_row(loaded, context)[2:4] == (True, "success")
    assert loaded.one("select count(*) from pulse.raw_resources where as_of = %s", context.as_of) == 0


def test_later_calls_without_quota_headers_are_subtracted_from_the_quota(loaded: Pipelines) -> None:
    context = loaded.context("update_lineups", SLOTS["update_lineups"])
    set_recorded_quota(loaded, 300)
    loaded.conn.execute(
        "update pulse.api_calls set quota_remaining = null where call_id in (select call_id from pulse.api_calls"
        " where api = 'sofasport' order by call_id desc limit 7)"
    )
    left = calls_left(context)
    assert left is not None
    assert left.calls == 293


def test_update_lineups_may_use_the_quota_reserve(loaded: Pipelines) -> None:
    set_quota(loaded, RESERVE)
    loaded.run("update_fixture_mappings", SLOTS["update_fixture_mappings"])
    context = loaded.context("update_lineups", SLOTS["update_lineups"])
    assert len(units_of(lineups.plan_matches(context))) >= 10
    assert run_row(loaded, context)[1] == 0
