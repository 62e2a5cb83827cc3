"""What people decide about links counts, whatever comes after."""

from fpl_pulse.etl import mapping_report
from tests.db.conftest import Pipelines
from tests.db.who_is_who import (
    LINKED_WITH_MINUTES,
    TUESDAY,
    decide,
    links_of,
    match_again,
    monday_and_tuesday,
)


def test_an_accepted_pair_is_linked_and_stays_so_whatever_the_evidence_says(loaded: Pipelines) -> None:
    player_id, code = loaded.conn.execute(LINKED_WITH_MINUTES).fetchall()[0]
    other = next(known for known in links_of(loaded).values() if known != code)
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


def test_a_rejected_pair_is_gone_and_stays_gone(loaded: Pipelines) -> None:
    player_id, code = loaded.conn.execute(LINKED_WITH_MINUTES).fetchall()[0]
    decide(loaded, player_id, code, "reject")
    for _ in range(2):
        match_again(loaded)
        assert player_id not in links_of(loaded)
    decide(loaded, player_id, code, "link")
    match_again(loaded)
    assert links_of(loaded)[player_id] == code


def test_of_two_links_that_a_person_made_of_one_profile_the_newest_counts(loaded: Pipelines) -> None:
    (player_id, code), (_, second) = loaded.conn.execute(LINKED_WITH_MINUTES).fetchall()[:2]
    decide(loaded, player_id, second, "link")
    decide(loaded, player_id, code, "link")
    match_again(loaded)
    assert links_of(loaded)[player_id] == code


def test_decisions_outlive_every_other_table(loaded: Pipelines) -> None:
    (player_id, code), (_, second) = loaded.conn.execute(LINKED_WITH_MINUTES).fetchall()[:2]
    decide(loaded, player_id, second, "link")
    tables = loaded.conn.execute(
        "select tablename from pg_tables where schemaname = 'pulse'"
        " and tablename not in ('mapping_decisions', 'alembic_version')"
    ).fetchall()
    loaded.conn.execute(f"truncate {', '.join(f'pulse.{name}' for (name,) in tables)} cascade".encode())
    assert links_of(loaded) == {}
    monday_and_tuesday(loaded)
    assert links_of(loaded)[player_id] == second
    assert code not in links_of(loaded).values()


def test_a_decision_on_somebody_whom_only_the_lineups_know_rests_until_they_are_there(
    loaded: Pipelines,
) -> None:
    player_id, code = loaded.conn.execute(LINKED_WITH_MINUTES).fetchall()[0]
    decide(loaded, player_id, code, "link")
    decide(loaded, 87_654_321, code, "link")
    loaded.conn.execute("delete from pulse.player_mappings where sofasport_player_id = %s", (player_id,))
    for _ in range(2):
        match_again(loaded)
        assert links_of(loaded)[player_id] == code
        assert 87_654_321 not in links_of(loaded)
    lines = list(mapping_report.review_lines(loaded.context("update_lineups", TUESDAY)))
    assert [line for line in lines if line.startswith("Rests")] == [
        f"Rests, since the store does not know both: Ann's link of player 87654321 and {code}"
    ]


def test_taking_back_the_newest_link_does_not_bring_back_an_older_one(loaded: Pipelines) -> None:
    (player_id, code), (_, second), (_, third) = loaded.conn.execute(LINKED_WITH_MINUTES).fetchall()[:3]
    decide(loaded, player_id, second, "link")
    decide(loaded, player_id, third, "link")
    decide(loaded, player_id, third, "withdraw")
    match_again(loaded)
    assert links_of(loaded)[player_id] == code
