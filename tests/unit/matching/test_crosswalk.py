"""A register's links compared with ours: agreement, disagreement, decisions, and what only one of the two knows."""

from dataclasses import replace

import pytest

from fpl_pulse.matching.crosswalk import Comparison, StatedLink, compare
from fpl_pulse.matching.manual_decisions import ManualDecisions

LINKS = {1: 10, 2: 20, 3: 30}
"""Our links in every test: SofaSport id -> FPL code."""


def stated(profile: int, code: int, person: str = "") -> StatedLink:
    return StatedLink(person or f"reep_{profile}_{code}", "Ann Example", "2001-09-05", profile, code, True, True)


def compared(
    *pairs: StatedLink,
    in_review: tuple[tuple[int, int], ...] = (),
    links: dict[int, int] | None = None,
    rejected: tuple[tuple[int, int], ...] = (),
    profiles: tuple[int, ...] = (),
    codes: tuple[int, ...] = (),
) -> Comparison:
    decisions = ManualDecisions(links or {}, frozenset(rejected))
    return compare(pairs, LINKS, in_review, decisions, known_profiles=profiles, known_codes=codes)


def disputes(found: Comparison) -> list[tuple[tuple[int, int], tuple[tuple[int, int], ...]]]:
    return [(one.stated.pair, one.ours) for one in found.disagreements]


def test_links_that_the_register_states_too_agree() -> None:
    found = compared(stated(1, 10), stated(2, 20), stated(2, 20, "the same pair in another row"))
    assert (found.agreed, found.one_sided, found.unknown) == (2, 0, 1)
    assert found.disagreements == []
    assert found.unlinked == []


def test_another_code_for_a_linked_profile_is_a_disagreement() -> None:
    found = compared(stated(1, 99))
    assert disputes(found) == [((1, 99), ((1, 10),))]
    assert found.disputed == {"reep_1_99"}


def test_another_profile_for_a_linked_player_is_a_disagreement() -> None:
    assert disputes(compared(stated(77, 20))) == [((77, 20), ((2, 20),))]


def test_two_players_swapped_are_two_disagreements() -> None:
    assert disputes(compared(stated(1, 20), stated(2, 10))) == [((1, 20), ((1, 10),)), ((2, 10), ((2, 20),))]


def test_a_second_profile_beside_the_linked_one_is_no_disagreement() -> None:
    found = compared(stated(1, 10), stated(77, 10))
    assert found.disagreements == []
    assert [one.stated.pair for one in found.unlinked] == [(77, 10)]


@pytest.mark.parametrize("is_in_review", [True, False])
def test_a_pair_that_only_the_register_links_is_listed(is_in_review: bool) -> None:
    found = compared(stated(7, 70), in_review=((7, 70),) if is_in_review else ())
    assert [(one.stated.pair, one.is_in_review) for one in found.unlinked] == [((7, 70), is_in_review)]
    assert found.disagreements == []


def test_a_pair_whose_profile_or_player_is_not_stored_is_not_listed() -> None:
    one = stated(7, 70)
    assert compared(replace(one, is_profile_stored=False)).unlinked == []
    assert compared(replace(one, is_player_stored=False)).unlinked == []


def test_a_disagreement_says_whether_the_pair_of_the_register_is_in_review() -> None:
    (one,) = compared(stated(1, 99), in_review=((1, 99),)).disagreements
    assert one.is_in_review


@pytest.mark.parametrize("given", [{"links": {1: 10}}, {"rejected": ((1, 99),)}])
def test_a_manual_decision_settles_a_disagreement(given: dict[str, dict[int, int]]) -> None:
    found = compared(stated(1, 99), **given)  # type: ignore[arg-type]
    assert found.disagreements == []
    assert [one.stated.pair for one in found.decided] == [(1, 99)]
    assert found.disputed == {"reep_1_99"}, "the register still mixes two people"


def test_a_rejected_pair_is_not_proposed() -> None:
    assert compared(stated(7, 70), rejected=((7, 70),)).unlinked == []


def test_links_of_which_the_register_knows_one_id_are_counted_apart() -> None:
    found = compared(stated(1, 10), profiles=(1, 2), codes=(10,))
    assert (found.agreed, found.one_sided, found.unknown) == (1, 1, 1)


def test_a_person_with_contradicting_rows_agrees_and_disagrees() -> None:
    found = compared(stated(1, 10, "one"), stated(1, 99, "other"))
    assert found.agreed == 1
    assert disputes(found) == [((1, 99), ((1, 10),))]


def test_all_persons_with_a_disputed_pair_are_disputed() -> None:
    found = compared(stated(77, 20, "p1"), stated(77, 20, "p2"))
    assert found.disputed == {"p1", "p2"}
