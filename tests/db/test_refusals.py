"""Rejected responses never count as loaded, are requested again, and do not fail every later run."""

from datetime import timedelta
from typing import Any

import pytest

from dev.pipelines import Pipelines, units_of
from fpl_pulse.api import fpl, sofasport
from fpl_pulse.api.calls import Resource
from fpl_pulse.errors import CheckFailedError, PayloadError
from fpl_pulse.etl import attributes, events, heatmaps, lineup_sides, lineups, reference, season_statistics
from fpl_pulse.etl.selection import Selection
from fpl_pulse.store import archive, runs
from fpl_pulse.store.runs import Run
from tests.db.faults import SEASON, TUESDAY, WEDNESDAY, body_of, change_responses, minutes_of


@pytest.fixture
def event_id(loaded: Pipelines) -> int:
    """A match of the first gameweek."""
    return int(loaded.one("select min(event_id) from pulse.sofasport_lineups"))


@pytest.fixture
def player_id(loaded: Pipelines, event_id: int) -> int:
    """A player with a heatmap in that match."""
    statement = "select min(player_id) from pulse.sofasport_heatmaps where event_id = %s"
    return int(loaded.one(statement, event_id))


def test_an_invalid_response_that_comes_twice_is_rejected_twice(loaded: Pipelines) -> None:
    def without_positions(resource: Resource, payload: Any) -> Any:  # noqa: ANN401
        if resource.endpoint == fpl.BOOTSTRAP:
            for element in payload["elements"]:
                element.pop("element_type")
        return payload

    for _ in range(2):
        context = loaded.context("update_fixture_mappings", TUESDAY)
        change_responses(context, without_positions)
        with pytest.raises(PayloadError, match="element_type"):
            reference.fetch_fpl_reference(context)


def test_a_rejected_heatmap_is_requested_again_and_fails_no_check(
    loaded: Pipelines, event_id: int, player_id: int
) -> None:
    resource = sofasport.heatmap(event_id, player_id)
    points = body_of(loaded, resource)
    loaded.conn.execute("delete from pulse.sofasport_heatmaps where player_id = %s", (player_id,))
    for _ in range(2):
        archive.store_response(loaded.conn, resource, [{"x": point["x"] + 200, "y": 1} for point in points], TUESDAY)
        context = loaded.context("collect_heatmaps", TUESDAY)
        heatmaps.load_heatmaps(context)
        heatmaps.check_heatmaps(context)
        assert event_id in units_of(heatmaps.plan_heatmaps(context))
    heatmaps.fetch_heatmaps(context, [event_id])
    heatmaps.load_heatmaps(context)
    assert heatmaps.plan_heatmaps(context) == []


def test_a_heatmap_with_one_valid_point_does_not_replace_the_stored_one(
    loaded: Pipelines, event_id: int, player_id: int
) -> None:
    resource = sofasport.heatmap(event_id, player_id)
    points = body_of(loaded, resource)
    count = "select point_count from pulse.sofasport_heatmaps where event_id = %s and player_id = %s"
    before = loaded.one(count, event_id, player_id)
    archive.store_response(loaded.conn, resource, [points[0], *({"x": 200, "y": 1} for _ in points[1:])], TUESDAY)
    heatmaps.load_heatmaps(loaded.context("collect_heatmaps", TUESDAY))
    assert loaded.one(count, event_id, player_id) == before > 1


def test_a_player_who_is_listed_three_times_does_not_stop_the_load(loaded: Pipelines, event_id: int) -> None:
    body = body_of(loaded, sofasport.lineups(event_id))
    body["home"]["players"] += [body["home"]["players"][0]] * 2
    archive.store_response(loaded.conn, sofasport.lineups(event_id), body, TUESDAY)
    assert lineups.load_lineups(loaded.context("update_lineups", TUESDAY)) == {"loaded": 1}
    assert loaded.one("select count(*) from pulse.rejected_records where resource = %s", f"event_id={event_id}") == 2


def test_attributes_without_axes_do_not_overwrite_stored_ones(loaded: Pipelines) -> None:
    player_id = int(loaded.one("select min(player_id) from pulse.sofasport_attributes where attacking is not null"))
    resource = sofasport.attributes(SEASON, player_id)
    renamed = body_of(loaded, resource)
    for row in renamed["playerAttributeOverviews"]:
        row["attack"] = row.pop("attacking", 1)
        for axis in ("technical", "tactical", "defending", "creativity"):
            row.pop(axis, None)
    stored = "select sum(attacking) from pulse.sofasport_attributes where player_id = %s"
    before = loaded.one(stored, player_id)
    archive.store_response(loaded.conn, resource, renamed, WEDNESDAY)
    context = loaded.context("update_radar_attributes", WEDNESDAY)
    attributes.load_attributes(context)
    assert loaded.one(stored, player_id) == before
    assert len(attributes.plan_attributes(context)) == 1


def test_a_lineup_that_the_check_calls_incomplete_is_planned_again(loaded: Pipelines, event_id: int) -> None:
    for defect in ("starters = 10", "with_minutes = 0", "confirmed = false"):
        loaded.conn.execute(
            f"update pulse.sofasport_lineups set {defect} where side = 'away' and event_id = %s".encode(), (event_id,)
        )
        later = loaded.context("update_lineups", TUESDAY + timedelta(days=30))
        with pytest.raises(CheckFailedError, match=str(event_id)):
            lineups.check_lineups(later)
        assert event_id in units_of(lineups.plan_matches(later))
        loaded.run("update_lineups", TUESDAY, Selection(matches=(event_id,), refresh=True))


def test_a_match_without_lineups_is_due_in_every_run(loaded: Pipelines, event_id: int) -> None:
    for table in ("sofasport_lineup_players", "sofasport_lineups"):
        loaded.conn.execute(f"delete from pulse.{table} where event_id = %s".encode(), (event_id,))
    archive.store_no_data(loaded.conn, sofasport.lineups(event_id), TUESDAY)
    for day in (1, 9, 30, 60):
        as_of = TUESDAY + timedelta(days=day)
        assert event_id in units_of(lineups.plan_matches(loaded.context("update_lineups", as_of)))
        archive.store_no_data(loaded.conn, sofasport.lineups(event_id), as_of)


def test_season_totals_below_the_match_totals_are_requested_again_when_the_run_is_cleared(loaded: Pipelines) -> None:
    player_id = int(loaded.one("select min(player_id) from pulse.sofasport_season_statistics"))
    loaded.conn.execute(
        "update pulse.sofasport_season_statistics set minutes = minutes - 1 where player_id = %s", (player_id,)
    )
    context = loaded.context("update_season_stats", WEDNESDAY)
    with pytest.raises(CheckFailedError):
        season_statistics.check_season_statistics(context)
    (club,) = season_statistics.plan_season_statistics(context)
    assert season_statistics.fetch_season_statistics(context, **club) == 1


def test_season_statistics_are_requested_again_once_matches_are_no_longer_corrected(loaded: Pipelines) -> None:
    for hours, expected in ((1, False), (80, True)):
        context = loaded.context("update_season_stats", WEDNESDAY + timedelta(hours=hours))
        assert bool(season_statistics.plan_season_statistics(context)) is expected


def test_an_operator_can_take_a_response_that_has_fewer_minutes(loaded: Pipelines, event_id: int) -> None:
    corrected = body_of(loaded, sofasport.lineups(event_id))
    played = next(entry for entry in corrected["home"]["players"] if entry["substitute"] and entry["statistics"])
    removed = played["statistics"]["minutesPlayed"]
    played["statistics"] = {}
    before = minutes_of(loaded, event_id)
    for forced, expected in ((False, before), (True, before - removed)):
        archive.store_response(
            loaded.conn, sofasport.lineups(event_id), corrected, TUESDAY, load_again=True, forced=forced
        )
        lineups.load_lineups(loaded.context("update_lineups", TUESDAY))
        assert minutes_of(loaded, event_id) == expected


def test_a_refresh_of_one_player_fetches_only_his_matches(loaded: Pipelines) -> None:
    player_id, matches = loaded.conn.execute(
        "select player_id, count(*) from pulse.sofasport_lineup_players group by 1 order by 2 desc, 1 limit 1"
    ).fetchone() or (0, 0)
    context = loaded.context("update_lineups", TUESDAY, Selection(players=(player_id,), refresh=True))
    assert len(units_of(lineups.plan_matches(context))) == matches <= 2


def test_an_ended_match_does_not_lose_its_score(loaded: Pipelines, event_id: int) -> None:
    def without_scores(resource: Resource, payload: Any) -> Any:  # noqa: ANN401
        if resource.endpoint == sofasport.EVENTS:
            for event in payload["events"]:
                event["homeScore"] = {}
        return payload

    context = loaded.context("update_fixture_mappings", TUESDAY)
    change_responses(context, without_scores)
    with pytest.raises(PayloadError, match=r"no event has homeScore\.current"):
        events.fetch_sofasport_events(context)
    assert loaded.one("select home_score from pulse.sofasport_events where event_id = %s", event_id) is not None


def test_a_manual_run_of_one_match_does_not_count_as_the_newest_run(loaded: Pipelines) -> None:
    full = runs.newest(loaded.conn, "update_lineups")
    runs.begin(loaded.conn, Run("update_lineups", "one match", TUESDAY, is_full=False))
    assert runs.newest(loaded.conn, "update_lineups") == full is not None


def test_a_value_out_of_range_rejects_only_its_own_response(loaded: Pipelines, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (
        int(event_id)
        for (event_id,) in loaded.conn.execute("select distinct event_id from pulse.sofasport_lineups limit 2")
    )
    for event_id in (first, second):
        body = body_of(loaded, sofasport.lineups(event_id))
        body["home"]["formation"] = "1-9-1"
        archive.store_response(loaded.conn, sofasport.lineups(event_id), body, TUESDAY)
    side_rows = lineup_sides.side_rows

    def with_starters_out_of_range(response: Any, *rest: Any) -> Any:  # noqa: ANN401
        rows = side_rows(response, *rest)
        is_first = response.params["event_id"] == first
        return [row | {"starters": 99_999} for row in rows] if is_first else rows

    monkeypatch.setattr(lineups, "side_rows", with_starters_out_of_range)
    assert lineups.load_lineups(loaded.context("update_lineups", TUESDAY)) == {"loaded": 1}
    outcome = "select outcome from pulse.raw_resources where endpoint = 'events/lineups' and resource = %s"
    assert loaded.one(outcome, f"event_id={first}") == "rejected"
    assert loaded.one(outcome, f"event_id={second}") == "fetched"
