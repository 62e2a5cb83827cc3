"""Manual decisions override every later matching."""

import pytest

from dev.pipelines import Pipelines
from fpl_pulse.errors import CheckFailedError
from fpl_pulse.etl import mapping_report
from tests.db.identity_resolution import LINKED_WITH_MINUTES, MONDAY, TUESDAY, decide, links_of, match_again


def test_a_manual_link_stays_against_the_evidence_until_it_is_withdrawn(loaded: Pipelines) -> None:
    player_id, code = loaded.conn.execute(LINKED_WITH_MINUTES).fetchall()[0]
    other = next(linked for linked in links_of(loaded).values() if linked != code)
    decide(loaded, player_id, other, "link")
    for _ in range(2):
        match_again(loaded)
        assert links_of(loaded)[player_id] == other
    method, made_by = loaded.conn.execute(
        "select method, evidence from pulse.player_mappings where sofasport_player_id = %s", (player_id,)
    ).fetchall()[0]
    assert method == "decision"
    assert "Ann" in made_by
    decide(loaded, player_id, other, "withdraw")
    match_again(loaded)
    assert links_of(loaded)[player_id] == code


def test_a_rejected_pair_stays_unlinked_until_it_is_linked_manually(loaded: Pipelines) -> None:
    player_id, code = loaded.conn.execute(LINKED_WITH_MINUTES).fetchall()[0]
    decide(loaded, player_id, code, "reject")
    for _ in range(2):
        match_again(loaded)
        assert player_id not in links_of(loaded)
    decide(loaded, player_id, code, "link")
    match_again(loaded)
    assert links_of(loaded)[player_id] == code


def test_of_two_manual_links_of_one_profile_the_newest_counts(loaded: Pipelines) -> None:
    (player_id, code), (_, second) = loaded.conn.execute(LINKED_WITH_MINUTES).fetchall()[:2]
    decide(loaded, player_id, second, "link")
    decide(loaded, player_id, code, "link")
    match_again(loaded)
    assert links_of(loaded)[player_id] == code


def test_manual_decisions_survive_a_rebuild_of_all_other_tables(loaded: Pipelines) -> None:
    (player_id, code), (_, second) = loaded.conn.execute(LINKED_WITH_MINUTES).fetchall()[:2]
    decide(loaded, player_id, second, "link")
    tables = loaded.conn.execute(
        "select tablename from pg_tables where schemaname = 'pulse'"
        " and tablename not in ('mapping_decisions', 'alembic_version')"
    ).fetchall()
    loaded.conn.execute(f"truncate {', '.join(f'pulse.{name}' for (name,) in tables)} cascade".encode())
    assert links_of(loaded) == {}
    loaded.run("update_fixture_mappings", MONDAY)
    # The decision is wrong, and the check says so.
    with pytest.raises(CheckFailedError, match="linked players whose minutes or goals are not FPL's final ones: 4"):
        loaded.run("update_lineups", TUESDAY)
    assert links_of(loaded)[player_id] == second
    assert code not in links_of(loaded).values()


def test_a_decision_is_not_applied_while_one_of_its_ids_is_missing(loaded: Pipelines) -> None:
    player_id, code = loaded.conn.execute(LINKED_WITH_MINUTES).fetchall()[0]
    decide(loaded, player_id, code, "link")
    decide(loaded, 87_654_321, code, "link")
    loaded.conn.execute("delete from pulse.player_mappings where sofasport_player_id = %s", (player_id,))
    for _ in range(2):
        match_again(loaded)
        assert links_of(loaded)[player_id] == code
        assert 87_654_321 not in links_of(loaded)
    lines = list(mapping_report.review_lines(loaded.context("update_lineups", TUESDAY)))
    assert [line for line in lines if line.startswith("Not applied")] == [
        f"Not applied yet, because the tables lack one of the two ids: Ann's link of player 87654321 and {code}"
    ]


def test_withdrawing_the_newest_link_does_not_restore_an_older_one(loaded: Pipelines) -> None:
    (player_id, code), (_, second), (_, third) = loaded.conn.execute(LINKED_WITH_MINUTES).fetchall()[:3]
    decide(loaded, player_id, second, "link")
    decide(loaded, player_id, third, "link")
    decide(loaded, player_id, third, "withdraw")
    match_again(loaded)
    assert links_of(loaded)[player_id] == code
