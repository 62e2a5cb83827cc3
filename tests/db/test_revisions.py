"""A corrected row is kept with the time for which it was valid, and each table can be queried as of any time."""

import copy
from datetime import datetime, timedelta
from typing import Any

import pytest

from dev.pipelines import Pipelines, slots_of
from fpl_pulse.api import sofasport
from fpl_pulse.etl import lineups
from fpl_pulse.store import archive
from tests.db.faults import body_of
from tests.installations import FIRST_MONDAY

TUESDAY = slots_of(FIRST_MONDAY)["update_lineups"]
WEDNESDAY, THURSDAY = TUESDAY + timedelta(days=1), TUESDAY + timedelta(days=2)
REVISED = {
    "lineups": "sofasport_lineups",
    "lineup_players": "sofasport_lineup_players",
    "heatmaps": "sofasport_heatmaps",
    "season_statistics": "sofasport_season_statistics",
    "attributes": "sofasport_attributes",
    "position_averages": "sofasport_position_averages",
}


@pytest.fixture
def match(loaded: Pipelines) -> tuple[int, dict[str, Any]]:
    """A match and the body of its lineups."""
    event_id = int(loaded.one("select min(event_id) from pulse.sofasport_lineup_players where minutes = 90"))
    return event_id, body_of(loaded, sofasport.lineups(event_id))


def starter(body: dict[str, Any]) -> dict[str, Any]:
    """The first player of the home side who played 90 minutes."""
    return next(entry for entry in body["home"]["players"] if entry["statistics"].get("minutesPlayed") == 90)


def load(loaded: Pipelines, event_id: int, body: dict[str, Any], as_of: datetime) -> None:
    """Load lineups for an as-of time, as the pipeline does."""
    archive.store_response(loaded.conn, sofasport.lineups(event_id), copy.deepcopy(body), as_of)
    lineups.load_lineups(loaded.context("update_lineups", as_of))


def rating_at(loaded: Pipelines, event_id: int, player_id: int, as_of: datetime) -> float | None:
    value = loaded.one(
        "select rating from pulse.lineup_players_as_of(%s) where event_id = %s and player_id = %s",
        as_of,
        event_id,
        player_id,
    )
    return None if value is None else float(value)


def test_a_query_as_of_a_time_returns_the_rating_of_that_time(
    loaded: Pipelines, match: tuple[int, dict[str, Any]]
) -> None:
    event_id, body = match
    entry = starter(body)
    player_id, first = entry["player"]["id"], entry["statistics"]["rating"]
    for rating, as_of in ((8.1, WEDNESDAY), (8.2, THURSDAY)):
        entry["statistics"]["rating"] = rating
        load(loaded, event_id, body, as_of)
    hour = timedelta(hours=1)
    assert rating_at(loaded, event_id, player_id, TUESDAY - hour) is None
    assert rating_at(loaded, event_id, player_id, TUESDAY) == first
    assert rating_at(loaded, event_id, player_id, WEDNESDAY - hour) == first
    assert rating_at(loaded, event_id, player_id, WEDNESDAY) == 8.1
    assert rating_at(loaded, event_id, player_id, THURSDAY + hour) == 8.2


def test_the_changes_since_a_time_are_listed_figure_by_figure(
    loaded: Pipelines, match: tuple[int, dict[str, Any]]
) -> None:
    event_id, body = match
    entry = starter(body)
    old_rating, old_touches = entry["statistics"]["rating"], entry["statistics"]["touches"]
    entry["statistics"] |= {"rating": 8.1, "touches": old_touches + 3, "brandNewKey": 7}
    load(loaded, event_id, body, WEDNESDAY)
    changes = loaded.conn.execute(
        "select figure, old_value, new_value, changed_at, key from pulse.changes"
        " where changed_at > %s and table_name = 'sofasport_lineup_players' order by figure",
        (TUESDAY,),
    ).fetchall()
    assert {row[0]: row[1:3] for row in changes} == {
        "rating": (old_rating, 8.1),
        "statistics.brandNewKey": (None, 7),
        "statistics.rating": (old_rating, 8.1),
        "statistics.touches": (old_touches, old_touches + 3),
        "touches": (old_touches, old_touches + 3),
    }
    assert {row[3] for row in changes} == {WEDNESDAY}
    assert all(row[4] == {"event_id": event_id, "player_id": entry["player"]["id"]} for row in changes)


def test_an_equal_response_makes_no_revision(loaded: Pipelines, match: tuple[int, dict[str, Any]]) -> None:
    event_id, body = match
    archive.store_response(loaded.conn, sofasport.lineups(event_id), body, WEDNESDAY, load_again=True)
    lineups.load_lineups(loaded.context("update_lineups", WEDNESDAY))
    assert loaded.one("select count(*) from pulse.revisions") == 0


def test_a_player_who_was_removed_from_a_lineup_is_in_it_as_of_an_earlier_time(
    loaded: Pipelines, match: tuple[int, dict[str, Any]]
) -> None:
    event_id, body = match
    removed = next(entry for entry in body["away"]["players"] if not entry["statistics"])
    body["away"]["players"].remove(removed)
    load(loaded, event_id, body, WEDNESDAY)
    count = "select count(*) from pulse.lineup_players_as_of(%s) where event_id = %s and player_id = %s"
    player_id = removed["player"]["id"]
    assert loaded.one(count, WEDNESDAY - timedelta(hours=1), event_id, player_id) == 1
    assert loaded.one(count, WEDNESDAY, event_id, player_id) == 0
    assert loaded.one("select count(*) from pulse.changes where figure = 'row deleted'") == 1


@pytest.mark.parametrize(("function", "table"), REVISED.items())
def test_every_revised_table_as_of_now_equals_the_table(loaded: Pipelines, function: str, table: str) -> None:
    different = loaded.one(
        f"select count(*) from ((table pulse.{table} except select * from pulse.{function}_as_of('infinity'))"
        f" union all (select * from pulse.{function}_as_of('infinity') except table pulse.{table})) as either"
    )
    assert different == 0
    assert loaded.one(f"select count(*) from pulse.{table}") > 0
    assert loaded.one(f"select count(*) from pulse.{function}_as_of('-infinity')") == 0


@pytest.mark.parametrize(
    ("table", "correction"),
    [
        ("sofasport_lineups", "formation = '1-1-8'"),
        ("sofasport_lineup_players", "touches = 1000"),
        ("sofasport_heatmaps", "mean_x = 1.5"),
        ("sofasport_season_statistics", "touches = touches + 1"),
        ("sofasport_attributes", "attacking = -1"),
        ("sofasport_position_averages", "attacking = -1"),
    ],
)
def test_a_correction_of_a_revised_table_keeps_the_old_rows(loaded: Pipelines, table: str, correction: str) -> None:
    loaded.conn.execute(f"update pulse.{table} set observed_at = %s, {correction}".encode(), (THURSDAY,))
    assert loaded.one("select count(*) from pulse.revisions where table_name = %s", table) == loaded.one(
        f"select count(*) from pulse.{table}"
    )
