"""The cards of SofaSport's season statistics compared with FPL's, which counts them differently."""

from datetime import timedelta
from typing import Any

import pytest

from dev.pipelines import Pipelines, slots_of
from fpl_pulse.errors import CheckFailedError
from fpl_pulse.etl import reconciliation, season_statistics
from tests.installations import FIRST_MONDAY

WEDNESDAY = slots_of(FIRST_MONDAY)["update_season_stats"]
SETTLED = WEDNESDAY + timedelta(days=4)
"""All matches of the first week are older than the settling time."""


def reconcile(loaded: Pipelines) -> dict[str, int]:
    return reconciliation.reconcile_cards(loaded.context("update_season_stats", SETTLED))


def check(loaded: Pipelines, as_of: Any = SETTLED) -> dict[str, dict[str, int]]:  # noqa: ANN401 - a datetime
    return season_statistics.check_season_statistics(loaded.context("update_season_stats", as_of))


def differences(loaded: Pipelines) -> list[tuple[Any, ...]]:
    """Figure, SofaSport id, both values (SofaSport's first), and whether it counts."""
    return loaded.conn.execute(
        "select figure, sofasport_player_id, sofasport_value, fpl_value, counts"
        " from pulse.figure_differences where fixture_id = 0 order by 1, 2"
    ).fetchall()


def change(loaded: Pipelines, table: str, what: str, where: str, *params: object) -> None:
    """Change rows without the pipelines; at least one."""
    assert loaded.conn.execute(f"update pulse.{table} set {what} where {where}".encode(), params).rowcount > 0


def official(loaded: Pipelines, player_id: int, what: str) -> None:
    """Change FPL's row of a player's first fixture."""
    change(
        loaded,
        "fpl_player_fixtures",
        what,
        "(fpl_code, fixture_id) in (select fpl_code, min(fixture_id) from pulse.fpl_player_fixtures"
        " join pulse.player_mappings using (fpl_code) where sofasport_player_id = %s and minutes > 0 group by 1)",
        player_id,
    )


@pytest.fixture
def player_id(loaded: Pipelines) -> int:
    """A linked player who has not been shown a card."""
    return int(
        loaded.one(
            "select player_id from pulse.sofasport_season_statistics join pulse.player_mappings"
            " on sofasport_player_id = player_id where yellow_cards = 0 and red_cards = 0 and not exists"
            " (select from pulse.player_mappings as others where others.fpl_code = player_mappings.fpl_code"
            "  and others.sofasport_player_id <> player_id) order by player_id limit 1"
        )
    )


def totals(loaded: Pipelines, player_id: int, what: str) -> None:
    """Change SofaSport's season statistics of a player."""
    change(loaded, "sofasport_season_statistics", what, "player_id = %s", player_id)


def test_the_cards_of_the_first_week_agree(loaded: Pipelines) -> None:
    assert differences(loaded) == []
    assert loaded.one("select sum(yellow_cards) from pulse.sofasport_season_statistics") > 20
    compared = check(loaded)["players whose cards agree"]
    assert compared["have"] == compared["want"] > 300


@pytest.mark.parametrize("figure", ["yellow_cards", "red_cards"])
def test_a_card_that_only_sofasport_has_is_listed_and_counts(loaded: Pipelines, player_id: int, figure: str) -> None:
    totals(loaded, player_id, f"{figure} = 1")
    reconcile(loaded)
    assert differences(loaded) == [(figure, player_id, 1, 0, True)]


@pytest.mark.parametrize("figure", ["yellow_cards", "red_cards"])
def test_a_card_that_only_fpl_has_is_listed_and_counts(loaded: Pipelines, player_id: int, figure: str) -> None:
    official(loaded, player_id, f"{figure} = 1")
    reconcile(loaded)
    assert differences(loaded) == [(figure, player_id, 0, 1, True)]


@pytest.mark.parametrize(("yellow_cards", "counts"), [(1, False), (2, False), (3, True)])
def test_up_to_two_yellow_cards_of_a_match_with_a_red_one_do_not_count(
    loaded: Pipelines, player_id: int, yellow_cards: int, counts: bool
) -> None:
    official(loaded, player_id, "red_cards = 1")
    totals(loaded, player_id, f"red_cards = 1, yellow_cards = {yellow_cards}")
    reconcile(loaded)
    assert differences(loaded) == [("yellow_cards", player_id, yellow_cards, 0, counts)]


def test_a_second_yellow_that_sofasport_counts_separately_is_a_red_card(loaded: Pipelines, player_id: int) -> None:
    official(loaded, player_id, "red_cards = 1")
    totals(loaded, player_id, 'statistics = statistics || \'{"yellowRedCards": 1, "directRedCards": "?"}\'')
    reconcile(loaded)
    assert differences(loaded) == []


@pytest.mark.parametrize("figure", ["yellow_cards", "red_cards"])
def test_a_card_on_the_bench_does_not_count(loaded: Pipelines, player_id: int, figure: str) -> None:
    official(loaded, player_id, f"minutes = 0, {figure} = 1")
    reconcile(loaded)
    assert differences(loaded) == [(figure, player_id, 0, 1, False)]
    cards = check(loaded)["players whose cards agree"]
    assert cards["have"] == cards["want"]
    totals(loaded, player_id, f"{figure} = 1")
    reconcile(loaded)
    assert differences(loaded) == []


def test_a_player_with_a_newer_match_is_not_compared(loaded: Pipelines, player_id: int) -> None:
    players = reconcile(loaded)["players"]
    totals(loaded, player_id, "minutes = minutes + 90, yellow_cards = 1")
    assert reconcile(loaded) == {"players": players - 1, "differing": 0}
    assert differences(loaded) == []


def test_only_reconciled_fixtures_are_compared(loaded: Pipelines) -> None:
    fixture_id = loaded.one("select min(fixture_id) from pulse.fixture_reconciliations")
    people = reconcile(loaded)["players"]
    loaded.conn.execute("delete from pulse.fixture_reconciliations where fixture_id = %s", (fixture_id,))
    assert reconcile(loaded)["players"] < people - 20
    assert differences(loaded) == []


def test_differing_cards_of_many_players_fail_the_check_with_names_and_both_values(loaded: Pipelines) -> None:
    change(loaded, "sofasport_season_statistics", "yellow_cards = 5", "player_id %% 40 = 0")
    reconcile(loaded)
    with pytest.raises(CheckFailedError, match=r"players' cards differ .*: .+ yellow cards 5/[01], .+ 5/[01]"):
        check(loaded)


def test_a_few_differing_cards_are_a_remark(
    loaded: Pipelines, player_id: int, caplog: pytest.LogCaptureFixture
) -> None:
    totals(loaded, player_id, "yellow_cards = 1")
    reconcile(loaded)
    cards = check(loaded)["players whose cards agree"]
    assert cards["have"] == cards["want"] - 1
    assert " yellow cards 1/0" in caplog.text


def test_differing_cards_of_players_with_a_young_match_are_only_a_remark(
    loaded: Pipelines, caplog: pytest.LogCaptureFixture
) -> None:
    change(
        loaded,
        "sofasport_season_statistics",
        "red_cards = 3",
        "player_id in (select player_id from pulse.sofasport_lineup_players join pulse.sofasport_events"
        " using (event_id) where minutes > 0 and start_at > %s)",
        WEDNESDAY - timedelta(hours=47),
    )
    reconcile(loaded)
    check(loaded, WEDNESDAY)
    assert " red cards 3/0" in caplog.text
    with pytest.raises(CheckFailedError, match="red cards 3/0"):
        check(loaded, SETTLED)


def test_the_same_reconciliation_again_changes_no_row_and_the_fixtures_stay(loaded: Pipelines, player_id: int) -> None:
    fixtures = "select count(*) from pulse.figure_differences where fixture_id > 0"
    before = loaded.one(fixtures)
    assert before > 0
    totals(loaded, player_id, "red_cards = 1")
    reconcile(loaded)
    context = loaded.context("update_season_stats", SETTLED)
    reconciliation.reconcile_cards(context)
    assert loaded.changed(context) == (0, 0)
    totals(loaded, player_id, "red_cards = 0")
    reconcile(loaded)
    assert differences(loaded) == []
    assert loaded.one(fixtures) == before
