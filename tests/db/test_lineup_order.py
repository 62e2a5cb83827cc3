"""The order of SofaSport's lineups is stored: it says where each starter stands."""

import copy
from datetime import datetime, timedelta
from typing import Any

import psycopg

from dev.pipelines import Pipelines, slots_of
from fpl_pulse.api import sofasport
from fpl_pulse.etl import lineups
from fpl_pulse.store import archive, schema
from tests.db.faults import body_of
from tests.installations import FIRST_MONDAY

LATER = slots_of(FIRST_MONDAY)["update_lineups"] + timedelta(days=1)
ORDER = (
    "select side, array_agg(player_id order by lineup_order) from pulse.sofasport_lineup_players where event_id = %s"
    " group by side"
)
TIMES = (
    "select array_agg((player_id, observed_at, updated_at)::text order by player_id)"
    " from pulse.sofasport_lineup_players where event_id = %s"
)


def orders(conn: psycopg.Connection[Any], event_id: int) -> dict[str, list[int]]:
    return dict(conn.execute(ORDER, [event_id]).fetchall())


def listed(body: dict[str, Any]) -> dict[str, list[int]]:
    return {side: [entry["player"]["id"] for entry in body[side]["players"]] for side in ("home", "away")}


def some_match(installation: Pipelines) -> tuple[int, dict[str, Any]]:
    event_id = int(installation.one("select min(event_id) from pulse.sofasport_lineup_players where minutes = 90"))
    return event_id, copy.deepcopy(body_of(installation, sofasport.lineups(event_id)))


def load(installation: Pipelines, event_id: int, body: dict[str, Any], as_of: datetime) -> None:
    archive.store_response(installation.conn, sofasport.lineups(event_id), body, as_of)
    lineups.load_lineups(installation.context("update_lineups", as_of))


def test_the_order_is_that_of_the_response(unchanged: Pipelines) -> None:
    event_id, body = some_match(unchanged)
    assert orders(unchanged.conn, event_id) == listed(body)
    first = unchanged.one("select min(lineup_order) from pulse.sofasport_lineup_players where event_id = %s", event_id)
    assert first == 1


def test_an_entry_that_does_not_fit_keeps_its_place(small: Pipelines) -> None:
    event_id, body = some_match(small)
    body["home"]["players"].insert(0, {"player": "nobody"})
    load(small, event_id, body, LATER)
    del body["home"]["players"][0]
    assert orders(small.conn, event_id) == listed(body)
    first = "select min(lineup_order) from pulse.sofasport_lineup_players where event_id = %s and side = 'home'"
    assert small.one(first, event_id) == 2


def test_a_player_whose_figures_are_kept_has_the_place_of_the_new_list(small: Pipelines) -> None:
    event_id, body = some_match(small)
    players = body["home"]["players"]
    entry = next(one for one in players if one["statistics"].get("touches"))
    touches = entry["statistics"]["touches"]
    entry["statistics"]["touches"] = touches + 0.5
    players.reverse()
    load(small, event_id, body, LATER)
    stored = "select touches from pulse.sofasport_lineup_players where event_id = %s and player_id = %s"
    assert small.one(stored, event_id, entry["player"]["id"]) == touches
    assert orders(small.conn, event_id) == listed(body)


def test_another_order_is_stored_and_is_no_correction(small: Pipelines) -> None:
    event_id, body = some_match(small)
    times, revisions = small.one(TIMES, event_id), small.one("select count(*) from pulse.revisions")
    body["home"]["players"].reverse()
    load(small, event_id, body, LATER)
    assert orders(small.conn, event_id) == listed(body)
    assert small.one(TIMES, event_id) == times
    assert small.one("select count(*) from pulse.revisions") == revisions
    # Together with a figure it is written too, and the figure makes a revision.
    entry = next(one for one in body["home"]["players"] if one["statistics"].get("rating"))
    entry["statistics"]["rating"] = round(entry["statistics"]["rating"] % 9 + 0.7, 1)
    body["home"]["players"].reverse()
    load(small, event_id, body, LATER + timedelta(days=1))
    assert orders(small.conn, event_id) == listed(body)
    assert small.one(
        "select array_agg(key) from (select jsonb_object_keys(changed) as key from pulse.revisions"
        " order by revision_id desc limit 2) as newest where key not like 'statistics.%%'"
    ) == ["rating"]


def address(conn: psycopg.Connection[Any]) -> str:
    info = conn.info
    return f"postgresql://{info.user}:{info.password}@{info.host}:{info.port}/{info.dbname}"


def test_the_migration_fills_it_from_the_archive_and_changes_nothing_else(small: Pipelines) -> None:
    event_id, _ = some_match(small)
    before, times = orders(small.conn, event_id), small.one(TIMES, event_id)
    # The archive also holds responses that were refused, of any form.
    resource = (
        "select resource_id from pulse.raw_resources where endpoint = 'events/lineups' and event_id <> %s limit 1"
    )
    other = small.one(resource, event_id)
    for body in ('{"home": {"players": 1}, "away": "x"}', "[]", "7", '{"home": {"players": [1, {"player": [2]}]}}'):
        small.conn.execute(
            "update pulse.raw_responses set body = %s where response_id ="
            " (select loaded_response_id from pulse.raw_resources where resource_id = %s)",
            [body, other],
        )
        revisions = small.one("select count(*) from pulse.revisions")
        schema.downgrade(address(small.conn), "0024")
        schema.upgrade(address(small.conn))
        assert orders(small.conn, event_id) == before
        assert small.one(TIMES, event_id) == times
        assert small.one("select count(*) from pulse.revisions") == revisions
