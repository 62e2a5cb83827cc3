"""SofaSport's minutes, goals and assists compared with FPL's: what is compared, listed and counted."""

import pytest

from dev.pipelines import Pipelines
from fpl_pulse.etl import reconciliation, thresholds
from tests.db.reconciling import SETTLED, Agreed, change, check, reconcile

TOLERANCE = thresholds.MINUTES_TOLERANCE


@pytest.fixture
def agreed(loaded: Pipelines) -> Agreed:
    """A fixture without differences, and one of its substitutes."""
    return Agreed.first_of(loaded)


def test_every_played_fixture_is_reconciled_and_linked_players_agree(loaded: Pipelines) -> None:
    assert loaded.one("select count(*) from pulse.fixture_reconciliations") == 20
    assert loaded.one("select min(players) from pulse.fixture_reconciliations") >= 22
    disagreeing = (
        "select count(*) from pulse.figure_differences where counts"
        " and sofasport_value is not null and fpl_value is not null"
    )
    assert loaded.one(disagreeing) == 0
    coverage = check(loaded)
    assert coverage["fixtures reconciled"] == {"have": 20, "want": 20}
    agreeing = coverage["players whose figures agree"]
    differing = loaded.one("select sum(differing) from pulse.fixture_reconciliations")
    assert 0 < differing < 0.03 * agreeing["want"], "the sandbox has people without an FPL player"
    assert agreeing["have"] == agreeing["want"] - differing
    assert agreeing["want"] == loaded.one("select sum(players) from pulse.fixture_reconciliations")


def test_a_goal_that_only_sofasport_has_is_listed_with_both_values_and_counts(agreed: Agreed) -> None:
    players = agreed.counts[0]
    agreed.change_sofasport("goals = goals + 1")
    assert agreed.differences == [("goals", agreed.fpl_code, agreed.player_id, 1, 0, True)]
    assert agreed.counts == (players, 1, 0, 0)


@pytest.mark.parametrize(("less", "counts"), [(TOLERANCE, False), (TOLERANCE + 1, True)])
def test_minutes_are_listed_and_count_beyond_the_tolerance(agreed: Agreed, less: int, counts: bool) -> None:
    official = agreed.official_minutes
    agreed.change_sofasport(f"minutes = minutes - {less}")
    row = ("minutes", agreed.fpl_code, agreed.player_id, official - less, official, counts)
    assert agreed.differences == [row]
    assert agreed.counts[1:] == (int(counts), 0, 0)


def test_an_unlinked_player_is_listed_once_for_each_source(loaded: Pipelines, agreed: Agreed) -> None:
    players, minutes = agreed.counts[0], agreed.official_minutes
    loaded.conn.execute("delete from pulse.player_mappings where fpl_code = %s", (agreed.fpl_code,))
    reconcile(loaded)
    assert agreed.differences == [
        ("minutes", 0, agreed.player_id, minutes, None, True),
        ("minutes", agreed.fpl_code, 0, None, minutes, True),
    ]
    assert agreed.counts == (players + 1, 2, 1, 1)


def test_without_links_every_player_is_listed_for_each_source(loaded: Pipelines, agreed: Agreed) -> None:
    at_fpl = "select count(*) from pulse.fpl_player_fixtures where fixture_id = %s and minutes > 0"
    at_sofasport = "select count(*) from pulse.sofasport_lineup_players where event_id = %s and minutes > 0"
    loaded.conn.execute("delete from pulse.player_mappings")
    reconcile(loaded)
    one_sided = loaded.one(at_fpl, agreed.fixture_id), loaded.one(at_sofasport, agreed.event_id)
    assert agreed.counts[2:] == one_sided


def test_a_linked_player_with_minutes_at_fpl_only_is_listed_with_the_sofasport_id(agreed: Agreed) -> None:
    agreed.change_sofasport("minutes = null")
    row = ("minutes", agreed.fpl_code, agreed.player_id, None, agreed.official_minutes, True)
    assert agreed.differences == [row]
    assert agreed.counts[1:] == (1, 1, 0)


def test_a_linked_player_with_minutes_at_sofasport_only_is_listed_with_the_fpl_code(agreed: Agreed) -> None:
    minutes = agreed.official_minutes
    agreed.change_fpl("minutes = 0")
    assert agreed.differences == [("minutes", agreed.fpl_code, agreed.player_id, minutes, None, True)]
    assert agreed.counts[1:] == (1, 0, 1)


@pytest.mark.parametrize(("goals", "counts"), [(0, False), (1, True)])
def test_a_single_minute_in_one_source_counts_only_with_a_goal(agreed: Agreed, goals: int, counts: bool) -> None:
    agreed.change_sofasport("minutes = null")
    agreed.change_fpl(f"minutes = 1, goals = {goals}")
    assert agreed.differences == [("minutes", agreed.fpl_code, agreed.player_id, None, 1, counts)]
    assert agreed.counts[1] == int(counts)


def test_two_profiles_of_one_person_count_once(loaded: Pipelines, agreed: Agreed) -> None:
    players = agreed.counts[0]
    second = {"first": agreed.player_id, "second": agreed.player_id - 1, "event": agreed.event_id}
    for statement in (
        "insert into pulse.sofasport_players (player_id, name) values (%(second)s, 'the same person')",
        "insert into pulse.player_mappings select (jsonb_populate_record(mappings, jsonb_build_object("
        " 'sofasport_player_id', %(second)s::int))).* from pulse.player_mappings as mappings"
        " where sofasport_player_id = %(first)s",
        "insert into pulse.sofasport_lineup_players select (jsonb_populate_record(played, jsonb_build_object("
        " 'player_id', %(second)s::int, 'minutes', 2))).* from pulse.sofasport_lineup_players as played"
        " where event_id = %(event)s and player_id = %(first)s",
    ):
        loaded.conn.execute(statement.encode(), second)
    agreed.change_sofasport("minutes = minutes - 2")
    assert agreed.differences == []
    assert agreed.counts == (players, 0, 0, 0)
    agreed.change_fpl("goals = 1")
    assert agreed.differences == [("goals", agreed.fpl_code, agreed.player_id, 0, 1, True)]


def test_assists_are_listed_and_never_count(loaded: Pipelines, agreed: Agreed) -> None:
    changed = change(loaded, "fpl_player_fixtures", "assists = assists + 2", "minutes > 0")
    reconcile(loaded)
    listed = "select count(*) from pulse.figure_differences where figure = 'assists' and not counts"
    assert loaded.one(listed) == changed - loaded.one("select sum(only_fpl) from pulse.fixture_reconciliations")
    assert agreed.counts[1] == 0
    check(loaded)


def test_the_same_reconciliation_again_changes_no_row(loaded: Pipelines) -> None:
    context = loaded.context("update_lineups", SETTLED)
    reconciliation.reconcile_figures(context)
    assert loaded.changed(context) == (0, 0)


def test_a_difference_that_is_gone_is_deleted_and_the_cards_stay(loaded: Pipelines, agreed: Agreed) -> None:
    loaded.conn.execute(
        "insert into pulse.figure_differences values ('2025-26', 0, 'red_cards', %s, 7, 1, 0, true)", (agreed.fpl_code,)
    )
    agreed.change_fpl("goals = goals + 1")
    assert len(agreed.differences) == 1
    agreed.change_fpl("goals = goals - 1")
    assert agreed.differences == []
    assert loaded.one("select count(*) from pulse.figure_differences where fixture_id = 0") == 1


@pytest.mark.parametrize(
    ("table", "what", "where"),
    [
        ("sofasport_lineups", "with_minutes = 0", "side = 'home' and event_id = %s"),
        ("sofasport_events", "status_code = 60", "event_id = %s"),
        ("fixture_mappings", "is_current = false", "event_id = %s"),
    ],
)
def test_a_fixture_is_not_reconciled_without_two_lineups_of_its_ended_current_event(
    loaded: Pipelines, agreed: Agreed, table: str, what: str, where: str
) -> None:
    change(loaded, table, what, where, agreed.event_id)
    assert reconcile(loaded)["fixtures"] == 19
    gone = "select count(*) from pulse.fixture_reconciliations where fixture_id = %s"
    assert loaded.one(gone, agreed.fixture_id) == 0


def test_a_fixture_in_progress_is_not_reconciled(loaded: Pipelines, agreed: Agreed) -> None:
    change(loaded, "fpl_fixtures", "finished_provisional = false", "fixture_id = %s", agreed.fixture_id)
    assert reconcile(loaded)["fixtures"] == 19
