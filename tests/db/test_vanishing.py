"""Statistics that a newer response lacks are kept and reported, unless an operator requested the response by name."""

from typing import Any

import pytest

from dev.pipelines import Pipelines, units_of
from fpl_pulse.api import sofasport
from fpl_pulse.api.calls import Resource
from fpl_pulse.etl import attributes, lineups, season_statistics
from fpl_pulse.etl.rebuild import rebuild
from fpl_pulse.etl.selection import Selection
from fpl_pulse.store import archive
from fpl_pulse.store.digest import different, digest
from tests.db.faults import (
    SEASON,
    TUESDAY,
    WEDNESDAY,
    body_of,
    change_responses,
    match_rows,
    rejections,
    rows_of,
    store,
)


@pytest.fixture
def match(loaded: Pipelines) -> Resource:
    """A match of the first gameweek."""
    return sofasport.lineups(int(loaded.one("select min(event_id) from pulse.sofasport_lineups")))


def load(loaded: Pipelines, match: Resource, body: object, *, forced: bool = False) -> list[str]:
    """Load a payload as the match's next response; returns the reasons of its rejections."""
    response_id = store(loaded, match, body, forced=forced)
    lineups.load_lineups(loaded.context("update_lineups", TUESDAY))
    return [bad.reason for bad in rejections(loaded, match, response_id) if bad.is_of_response]


def row_of(loaded: Pipelines, match: Resource, entry: dict[str, Any]) -> dict[str, Any]:
    """The stored row of the player of an entry."""
    key = (match.params["event_id"], entry["player"]["id"])
    return match_rows(loaded)["sofasport_lineup_players"][key]


def with_key(body: Any, key: str, value: object = None) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    """The entry of the first player, of either side, who has this statistic, with this value where given."""
    entries = [entry for side in ("home", "away") for entry in body[side]["players"]]
    return next(entry for entry in entries if key in entry["statistics"] and value in (None, entry["statistics"][key]))


@pytest.mark.parametrize("as_null", [False, True])
def test_a_vanished_rating_is_kept_and_reported(
    loaded: Pipelines, match: Resource, as_null: bool, caplog: pytest.LogCaptureFixture
) -> None:
    before, body = match_rows(loaded), body_of(loaded, match)
    entry = body["home"]["players"][2]
    rating = entry["statistics"].pop("rating")
    if as_null:
        entry["statistics"]["rating"] = None
    (reason,) = load(loaded, match, body)
    assert "rating vanished; the stored values are kept" in reason
    assert match_rows(loaded) == before
    path = loaded.one("select path from pulse.rejected_records where resource = %s", match.key)
    assert path == f"home.players.{entry['player']['id']}"
    assert "rating vanished" in caplog.text
    entry["statistics"]["rating"] = rating - 1
    assert load(loaded, match, body) == []
    assert row_of(loaded, match, entry)["rating"] == pytest.approx(rating - 1)


def test_new_values_beside_a_vanished_one_are_loaded(loaded: Pipelines, match: Resource) -> None:
    body = body_of(loaded, match)
    entry = body["home"]["players"][2]
    rating = entry["statistics"].pop("rating")
    entry["statistics"]["touches"] += 5
    load(loaded, match, body)
    row = row_of(loaded, match, entry)
    assert (row["rating"], row["touches"]) == (pytest.approx(rating), entry["statistics"]["touches"])
    assert row["statistics"] == entry["statistics"] | {"rating": rating}


def test_statistics_reduced_to_the_minutes_are_kept_completely(loaded: Pipelines, match: Resource) -> None:
    before, body = match_rows(loaded), body_of(loaded, match)
    entry = with_key(body, "goals", 1)
    entry["statistics"] = {"minutesPlayed": entry["statistics"]["minutesPlayed"]}
    (reason,) = load(loaded, match, body)
    assert "goals" in reason
    assert "touches" in reason
    assert match_rows(loaded) == before


def test_vanished_minutes_beside_other_figures_are_kept(loaded: Pipelines, match: Resource) -> None:
    before, body = match_rows(loaded), body_of(loaded, match)
    del body["home"]["players"][2]["statistics"]["minutesPlayed"]
    (reason,) = load(loaded, match, body)
    assert "minutesPlayed is missing beside" in reason
    assert match_rows(loaded) == before


def test_a_missing_goal_counts_as_credited_to_another_player(loaded: Pipelines, match: Resource) -> None:
    body = body_of(loaded, match)
    entry = with_key(body, "goals", 1)
    del entry["statistics"]["goals"]
    assert load(loaded, match, body) == []
    row = row_of(loaded, match, entry)
    assert row["goals"] == 0
    assert "goals" not in row["statistics"]


def test_expected_goals_that_vanish_from_a_whole_match_are_kept_including_zeros(
    loaded: Pipelines, match: Resource
) -> None:
    before, body = match_rows(loaded), body_of(loaded, match)
    for side in ("home", "away"):
        for entry in body[side]["players"]:
            entry["statistics"].pop("expectedGoals", None)
    reasons = load(loaded, match, body)
    (reason,) = reasons
    assert reason.startswith("expectedGoals is missing or invalid in ")
    assert match_rows(loaded) == before


def test_an_unused_substitute_without_statistics_remains_unused(loaded: Pipelines, match: Resource) -> None:
    before, body = match_rows(loaded), body_of(loaded, match)
    unused = next(entry for entry in body["home"]["players"] if not entry["statistics"])
    del unused["statistics"]
    assert load(loaded, match, body) == []
    assert match_rows(loaded) == before


def test_missing_match_details_are_kept(loaded: Pipelines, match: Resource) -> None:
    before, body = match_rows(loaded), body_of(loaded, match)
    del body["confirmed"], body["home"]["formation"], body["home"]["missingPlayers"]
    for key in ("shirtNumber", "position", "teamId"):
        body["home"]["players"][2].pop(key, None)
    assert load(loaded, match, body) == []
    assert match_rows(loaded) == before


def test_an_operator_can_take_an_incomplete_response(loaded: Pipelines, match: Resource) -> None:
    event_id = int(match.params["event_id"])
    body = body_of(loaded, match)
    entry = body["home"]["players"][2]
    del entry["statistics"]["rating"]
    assert load(loaded, match, body) != []
    context = loaded.context("update_lineups", TUESDAY, Selection(matches=(event_id,), refresh=True))
    change_responses(context, lambda resource, payload: body if resource.key == match.key else payload)
    assert units_of(lineups.plan_matches(context)) == [event_id]
    assert lineups.fetch_lineup(context, [event_id]) == 1
    lineups.load_lineups(context)
    assert row_of(loaded, match, entry)["rating"] is None
    assert "rating" not in row_of(loaded, match, entry)["statistics"]
    assert loaded.one("select count(*) from pulse.rejected_records where resource = %s", match.key) == 0


def test_a_rebuild_keeps_vanished_figures_too(loaded: Pipelines, match: Resource) -> None:
    body = body_of(loaded, match)
    for entry in body["home"]["players"][:4]:
        entry["statistics"].pop("rating")
    archive.store_response(loaded.conn, match, body, WEDNESDAY)
    lineups.load_lineups(loaded.context("update_season_stats", WEDNESDAY))
    before = digest(loaded.conn)
    assert loaded.one("select count(*) from pulse.rejected_records where starts_with(reason, 'rating vanished')") == 4
    rebuild(loaded.context("update_season_stats", WEDNESDAY))
    assert different(before, digest(loaded.conn)) == []


def test_vanished_season_statistics_are_kept_until_an_operator_takes_the_response(loaded: Pipelines) -> None:
    season_id, player_id = loaded.conn.execute(
        "select season_id, player_id from pulse.sofasport_season_statistics join pulse.sofasport_seasons"
        " using (season) where goals > 1 order by 2 limit 1"
    ).fetchone() or (0, 0)
    resource = sofasport.season_statistics(season_id, player_id)
    before = rows_of(loaded, "sofasport_season_statistics", "player_id")
    body = body_of(loaded, resource)
    for key in ("rating", "goals"):
        del body["statistics"][key]
    body["team"] = None
    response_id = store(loaded, resource, body)
    season_statistics.load_season_statistics(loaded.context("update_season_stats", WEDNESDAY))
    assert rows_of(loaded, "sofasport_season_statistics", "player_id") == before
    # The response states other zeros, so the missing goals are no zero either.
    assert [bad.path for bad in rejections(loaded, resource, response_id)] == [
        "missing key goals",
        "missing key rating",
    ]
    context = loaded.context("update_season_stats", WEDNESDAY, Selection(players=(player_id,), refresh=True))
    change_responses(context, lambda _, payload: body if "statistics" in payload else payload)
    for club in season_statistics.plan_season_statistics(context):
        season_statistics.fetch_season_statistics(context, **club)
    season_statistics.load_season_statistics(context)
    taken = rows_of(loaded, "sofasport_season_statistics", "player_id")[(player_id,)]
    assert (taken["rating"], taken["goals"]) == (None, None)


def test_a_vanished_attribute_is_kept_and_reported(loaded: Pipelines) -> None:
    statement = "select min(player_id) from pulse.sofasport_attributes where attacking is not null and season = %s"
    resource = sofasport.attributes(SEASON, int(loaded.one(statement, SEASON)))
    axes = "select player_id, season, attacking, technical from pulse.sofasport_attributes order by 1, 2"
    before = loaded.conn.execute(axes.encode()).fetchall()
    body = body_of(loaded, resource)
    for overview in body["playerAttributeOverviews"]:
        del overview["attacking"]
    response_id = store(loaded, resource, body)
    attributes.load_attributes(loaded.context("update_radar_attributes", WEDNESDAY))
    assert loaded.conn.execute(axes.encode()).fetchall() == before
    reasons = [bad.reason for bad in rejections(loaded, resource, response_id)]
    assert reasons
    missing = "playerAttributeOverviews.attacking is missing"
    assert all(reason.startswith(("attacking vanished", missing)) for reason in reasons)
