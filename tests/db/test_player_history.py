"""What FPL overwrites is kept: a row of history for each state of a player that differs from the one before."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from dev.pipelines import Pipelines, slots_of
from fpl_pulse.api import fpl
from fpl_pulse.api.calls import Resource
from fpl_pulse.errors import CheckFailedError
from fpl_pulse.etl import reference
from fpl_pulse.etl.player_history import STATE
from fpl_pulse.etl.rebuild import rebuild
from fpl_pulse.store.digest import digest
from tests.db.faults import change_responses
from tests.installations import FIRST_MONDAY

MONDAYS = [slots_of(FIRST_MONDAY + timedelta(weeks=week))["update_fixture_mappings"] for week in range(1, 4)]
ELEMENT = 7


def of_element(change: Callable[[dict[str, Any]], object]) -> Callable[[Resource, Any], Any]:
    def changed(resource: Resource, payload: Any) -> Any:  # noqa: ANN401
        if resource.endpoint == fpl.BOOTSTRAP:
            for element in payload["elements"]:
                if element["id"] == ELEMENT:
                    change(element)
        return payload

    return changed


def read(small: Pipelines, as_of: datetime, change: Callable[[dict[str, Any]], object]) -> None:
    """Read FPL's reference data as of a time, with a change of the player."""
    small.forget("endpoint = %s and loaded_response_id is null", fpl.BOOTSTRAP)
    context = small.context("update_fixture_mappings", as_of)
    change_responses(context, of_element(change))
    reference.fetch_fpl_reference(context)


def prices(small: Pipelines) -> list[tuple[datetime, Decimal]]:
    rows = small.conn.execute(
        "select observed_from, price from fpl.player_history where element_id = %s and observed_from >= %s"
        " order by observed_from",
        [ELEMENT, MONDAYS[0]],
    )
    return rows.fetchall()


def costs(price: int) -> Callable[[dict[str, Any]], object]:
    # Other figures that change from week to week would add rows.
    return lambda element: element.update(
        now_cost=price, transfers_in=1, transfers_in_event=1, transfers_out=1, transfers_out_event=1,
        selected_by_percent="1.0", form="1.0", ep_this="1.0", ep_next="1.0",
    )  # fmt: skip


def test_each_player_has_the_state_of_the_first_reading(small: Pipelines) -> None:
    players, first = small.conn.execute(
        "select count(*), count(*) filter (where exists (select from pulse.fpl_player_history as history"
        " where history.season = players.season and history.element_id = players.element_id"
        " and history.observed_at = players.added_at)) from pulse.fpl_players as players"
    ).fetchone() or (0, 0)
    assert players == first > 100


def test_the_newest_state_is_that_of_the_player(small: Pipelines) -> None:
    columns = ", ".join(STATE)
    newest = f"select distinct on (element_id) element_id, {columns} from pulse.fpl_player_history"
    different = small.one(
        f"select count(*) from (select element_id, {columns} from pulse.fpl_players"
        f" except ({newest} order by element_id, observed_at desc)) as players"
    )
    assert different == 0


def test_only_changed_states_are_added(small: Pipelines) -> None:
    for as_of, price in zip(MONDAYS, (50, 50, 51), strict=True):
        read(small, as_of, costs(price))
    assert prices(small) == [(MONDAYS[0], Decimal("5.0")), (MONDAYS[2], Decimal("5.1"))]
    change = small.conn.execute(
        "select earlier_price, price, change, earlier_seen_at, seen_at from fpl.price_changes"
        " where element_id = %s and seen_at = %s",
        [ELEMENT, MONDAYS[2]],
    ).fetchall()
    assert change == [(Decimal("5.0"), Decimal("5.1"), Decimal("0.1"), MONDAYS[0], MONDAYS[2])]


def test_a_run_that_reads_again_replaces_its_state(small: Pipelines) -> None:
    for price in (50, 52):
        read(small, MONDAYS[0], costs(price))
    assert prices(small) == [(MONDAYS[0], Decimal("5.2"))]


def test_the_state_at_a_deadline_is_the_newest_one_before(small: Pipelines) -> None:
    for as_of, price in zip(MONDAYS, (50, 55, 60), strict=True):
        read(small, as_of, costs(price))
    rows = small.conn.execute(
        "select deadline_at, price from fpl.players_at_deadline where element_id = %s order by deadline_at desc",
        [ELEMENT],
    ).fetchall()
    assert rows
    for deadline, price in rows:
        expected = [seen for at, seen in prices(small) if at <= deadline]
        assert not expected or price == expected[-1]
    assert rows[0][1] == Decimal("5.5"), "the last deadline was before the third Monday"


@pytest.mark.parametrize("key", ["selected_by_percent", "transfers_in", "form"])
def test_a_key_that_vanishes_keeps_the_state_and_is_reported(small: Pipelines, key: str) -> None:
    before = small.one("select count(*) from pulse.fpl_player_history")
    stored = small.conn.execute(f"select element_id, {key} from pulse.fpl_players order by 1").fetchall()

    def without(resource: Resource, payload: Any) -> Any:  # noqa: ANN401
        if resource.endpoint == fpl.BOOTSTRAP:
            for element in payload["elements"]:
                element[f"{key}_now"] = element.pop(key)
        return payload

    context = small.context("update_fixture_mappings", MONDAYS[0])
    change_responses(context, without)
    reference.fetch_fpl_reference(context)
    assert small.conn.execute(f"select element_id, {key} from pulse.fpl_players order by 1").fetchall() == stored
    assert small.one("select count(*) from pulse.fpl_player_history") >= before
    assert small.one("select count(*) from pulse.rejected_records where reason like %s", f"%{key} is missing%") > 0


@pytest.mark.parametrize("value", ["many", -3, 1e300, {"of": 1}, None])
def test_an_invalid_figure_keeps_the_stored_one(small: Pipelines, value: object) -> None:
    read(small, MONDAYS[0], costs(50))
    read(small, MONDAYS[1], lambda element: (costs(50)(element), element.update(selected_by_percent=value)))
    owned = small.one("select selected_by_percent from pulse.fpl_players where element_id = %s", ELEMENT)
    assert owned == Decimal("1.0")
    assert len(prices(small)) == 1


def test_forecasts_may_end_for_everybody(small: Pipelines) -> None:
    def after_the_season(resource: Resource, payload: Any) -> Any:  # noqa: ANN401
        if resource.endpoint == fpl.BOOTSTRAP:
            for element in payload["elements"]:
                element["ep_next"] = None
        return payload

    context = small.context("update_fixture_mappings", MONDAYS[0])
    change_responses(context, after_the_season)
    reference.fetch_fpl_reference(context)
    assert small.one("select count(expected_points_next_round) from pulse.fpl_players") == 0
    assert small.one("select count(*) from pulse.rejected_records where path like %s", "%ep_next%") == 0


def test_a_rebuild_gives_the_same_history(small: Pipelines) -> None:
    for as_of in MONDAYS:
        with suppress(CheckFailedError):
            small.run("update_fixture_mappings", as_of)
    before = digest(small.conn)["fpl_player_history"]
    assert before.rows > 0
    rebuilt = rebuild(small.context("rebuild", MONDAYS[2]))
    assert rebuilt.different == []
    assert digest(small.conn)["fpl_player_history"] == before
