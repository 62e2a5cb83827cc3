"""What SofaSport corrects is kept with from when to when, and each table can be asked for as of any moment."""

import copy
from datetime import datetime, timedelta
from typing import Any

import pytest

from fpl_pulse.api import sofasport
from fpl_pulse.etl import lineups
from fpl_pulse.store import archive
from tests.db.conftest import FIRST_MONDAY, Pipelines, slots_of
from tests.db.faults import body_of

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
    """A match and its answer."""
    event_id = int(loaded.one("select min(event_id) from pulse.sofasport_lineup_players where minutes = 90"))
    return event_id, body_of(loaded, sofasport.lineups(event_id))


def starter(answer: dict[str, Any]) -> dict[str, Any]:
    return next(
        entry for entry in answer["home"]["players"] if entry["statistics"].get("minutesPlayed") == 90
    )


def load(loaded: Pipelines, event_id: int, answer: dict[str, Any], as_of: datetime) -> None:
    """Load an answer at a moment, as the pipeline does."""
    archive.store_response(loaded.conn, sofasport.lineups(event_id), copy.deepcopy(answer), as_of)
    lineups.load_lineups(loaded.context("update_lineups", as_of))


def rating_at(loaded: Pipelines, event_id: int, player_id: int, moment: datetime) -> float | None:
    value = loaded.one(
        "select rating from pulse.lineup_players_as_of(%s) where event_id = %s and player_id = %s",
        moment,
        event_id,
        player_id,
    )
    return None if value is None else float(value)


def test_each_rating_is_there_as_of_its_time(loaded: Pipelines, match: tuple[int, dict[str, Any]]) -> None:
    event_id, answer = match
    entry = starter(answer)
    player_id, first = entry["player"]["id"], entry["statistics"]["rating"]
    for rating, moment in ((8.1, WEDNESDAY), (8.2, THURSDAY)):
        entry["statistics"]["rating"] = rating
        load(loaded, event_id, answer, moment)
    hour = timedelta(hours=1)
    assert rating_at(loaded, event_id, player_id, TUESDAY - hour) is None
    assert rating_at(loaded, event_id, player_id, TUESDAY) == first
    assert rating_at(loaded, event_id, player_id, WEDNESDAY - hour) == first
    assert rating_at(loaded, event_id, player_id, WEDNESDAY) == 8.1
    assert rating_at(loaded, event_id, player_id, THURSDAY + hour) == 8.2


def test_what_changed_since_a_moment_is_listed_figure_by_figure(
    loaded: Pipelines, match: tuple[int, dict[str, Any]]
) -> None:
    event_id, answer = match
    entry = starter(answer)
    old_rating, old_touches = entry["statistics"]["rating"], entry["statistics"]["touches"]
    entry["statistics"] |= {"rating": 8.1, "touches": old_touches + 3, "brandNewKey": 7}
    load(loaded, event_id, answer, WEDNESDAY)
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


def test_an_equal_answer_makes_no_revision(loaded: Pipelines, match: tuple[int, dict[str, Any]]) -> None:
    event_id, answer = match
    archive.store_response(loaded.conn, sofasport.lineups(event_id), answer, WEDNESDAY, load_again=True)
    lineups.load_lineups(loaded.context("update_lineups", WEDNESDAY))
    assert loaded.one("select count(*) from pulse.revisions") == 0


def test_a_player_who_is_taken_out_of_a_lineup_is_there_as_of_before(
    loaded: Pipelines, match: tuple[int, dict[str, Any]]
) -> None:
    event_id, answer = match
    gone = next(entry for entry in answer["away"]["players"] if not entry["statistics"])
    answer["away"]["players"].remove(gone)
    load(loaded, event_id, answer, WEDNESDAY)
    count = "select count(*) from pulse.lineup_players_as_of(%s) where event_id = %s and player_id = %s"
    player_id = gone["player"]["id"]
    assert loaded.one(count, WEDNESDAY - timedelta(hours=1), event_id, player_id) == 1
    assert loaded.one(count, WEDNESDAY, event_id, player_id) == 0
    assert loaded.one("select count(*) from pulse.changes where figure = 'row taken away'") == 1


@pytest.mark.parametrize(("function", "table"), REVISED.items())
def test_as_of_now_every_revised_table_is_itself(loaded: Pipelines, function: str, table: str) -> None:
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
def test_a_correction_of_any_revised_table_keeps_what_was(
    loaded: Pipelines, table: str, correction: str
) -> None:
    loaded.conn.execute(f"update pulse.{table} set observed_at = %s, {correction}".encode(), (THURSDAY,))
    assert loaded.one("select count(*) from pulse.revisions where table_name = %s", table) == loaded.one(
        f"select count(*) from pulse.{table}"
    )
