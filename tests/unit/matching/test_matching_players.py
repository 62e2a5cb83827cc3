"""SofaSport people matched to FPL players."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from fpl_pulse.matching.manual_decisions import ManualDecisions
from fpl_pulse.matching.players import match_players
from fpl_pulse.matching.rows import Candidate, ElementRow, PersonRow, links_of

TEAMS = {100: 1, 200: 2}
BORN = dt.date(2000, 3, 7)


def person(number: int, name: str | None, born: dt.date | None = BORN, **other: Any) -> PersonRow:  # noqa: ANN401
    """One SofaSport person, seen in the first club."""
    return replace(PersonRow(number, name, None, None, "M", born, [100], [], []), **other)


def player(code: int, name: str, born: dt.date | None = BORN, **other: Any) -> ElementRow:  # noqa: ANN401
    """One FPL player of the first club; the first word is the first name, the last the web name."""
    first, _, second = name.partition(" ")
    return replace(ElementRow(code, first, second, name.rsplit(maxsplit=1)[-1], None, born, 1, 3, None), **other)


def match(
    people: list[PersonRow],
    players: list[ElementRow],
    earlier: dict[int, int] | None = None,
    **more: Any,  # noqa: ANN401 - what match_players takes
) -> tuple[dict[int, int], list[Candidate]]:
    """The links, and all candidates."""
    candidates = match_players(people, players, TEAMS, earlier or {}, **more)
    return links_of(candidates), candidates


def statuses(candidates: list[Candidate], number: int) -> list[str]:
    """The statuses of one person's candidates."""
    return [row.status for row in candidates if row.sofasport_id == number]


def evidence(candidates: list[Candidate], number: int) -> list[str]:
    """The evidence of one person's candidates."""
    return [row.evidence for row in candidates if row.sofasport_id == number]


def test_name_and_birth_date_link() -> None:
    links, candidates = match([person(1, "Bruno Costa")], [player(50, "Bruno Costa")])
    assert links == {1: 50}
    assert statuses(candidates, 1) == ["linked"]


def test_the_same_name_and_birth_date_twice_in_one_club_is_in_review() -> None:
    links, candidates = match([person(1, "Bruno Costa"), person(2, "Bruno Costa")], [player(50, "Bruno Costa")])
    assert links == {}
    assert statuses(candidates, 1) == statuses(candidates, 2) == ["review"]


def test_a_second_profile_at_another_club_is_in_review_and_the_first_is_linked() -> None:
    links, candidates = match(
        [person(1, "Bruno Costa"), person(2, "Bruno Costa", team_ids=[200])], [player(50, "Bruno Costa")]
    )
    assert links == {1: 50}
    assert statuses(candidates, 2) == ["review"]


def test_a_second_profile_does_not_change_an_earlier_link() -> None:
    links, candidates = match(
        [person(1, "Bruno Costa"), person(2, "Bruno Costa")], [player(50, "Bruno Costa")], {1: 50}
    )
    assert links == {1: 50}
    assert statuses(candidates, 2) == ["review"]


def test_twins_are_linked_by_their_given_names() -> None:
    links, _ = match(
        [person(1, "Jack Hargrove"), person(2, "Tyler Hargrove")],
        [player(50, "Tyler Hargrove"), player(51, "Jack Hargrove")],
    )
    assert links == {1: 51, 2: 50}


def test_a_twin_without_an_fpl_player_is_not_linked_to_the_other_twin() -> None:
    links, _ = match([person(1, "Jack Hargrove")], [player(50, "Tyler Hargrove")])
    assert links == {}


def test_a_shared_surname_does_not_link() -> None:
    links, candidates = match(
        [person(1, "Jacob Murray", dt.date(1995, 2, 24))], [player(50, "Alex Murray", dt.date(1993, 5, 1))]
    )
    assert links == {}
    assert statuses(candidates, 1) == ["no_counterpart"]


def test_the_exact_name_at_the_same_club_links_without_a_birth_date() -> None:
    assert match([person(1, "Bruno Costa", None)], [player(50, "Bruno Costa")])[0] == {1: 50}
    assert match([person(1, "Bruno Costa")], [player(50, "Bruno Costa", None)])[0] == {1: 50}


def test_a_missing_birth_date_without_a_common_club_is_in_review() -> None:
    links, candidates = match([person(1, "Bruno Costa", None)], [player(50, "Bruno Costa", team_code=2)])
    assert links == {}
    assert statuses(candidates, 1) == ["review"]


def test_one_word_of_the_name_does_not_link_without_a_birth_date() -> None:
    assert match([person(1, "Costa", None)], [player(50, "Bruno Costa Lima")])[0] == {}


@pytest.mark.parametrize("slip", [dt.date(2000, 3, 6), dt.date(2000, 3, 8), dt.date(2000, 7, 3)])
def test_a_birth_date_off_by_a_day_or_with_day_and_month_swapped_still_links_a_full_name(slip: dt.date) -> None:
    assert match([person(1, "Bruno Costa", slip)], [player(50, "Bruno Costa")])[0] == {1: 50}


def test_a_different_birth_date_puts_the_exact_name_in_review() -> None:
    links, candidates = match([person(1, "Bruno Costa", dt.date(2004, 11, 30))], [player(50, "Bruno Costa")])
    assert links == {}
    assert statuses(candidates, 1) == ["review"]


def test_birth_date_and_club_with_a_different_name_do_not_link() -> None:
    links, candidates = match([person(1, "Bruno Costa")], [player(50, "Igor Petrenko")])
    assert links == {}
    assert statuses(candidates, 1) == ["review"]


@pytest.mark.parametrize("name", ["", None, "Сергей Петренко", "손흥민"])
def test_an_unreadable_name_is_never_linked_and_never_fails(name: str | None) -> None:
    links, candidates = match([person(1, name)], [player(50, "Bruno Costa")])
    assert links == {}
    assert statuses(candidates, 1) == ["review"]


def test_an_unreadable_name_with_nothing_else_known_has_no_counterpart() -> None:
    _, candidates = match([person(1, "", None, team_ids=[], position=None)], [player(50, "Bruno Costa")])
    assert statuses(candidates, 1) == ["no_counterpart"]
    assert [row.fpl_id for row in candidates] == [None]


def test_a_goalkeeper_is_not_linked_to_a_forward() -> None:
    links, _ = match([person(1, "Bruno Costa", position="G")], [player(50, "Bruno Costa", element_type=4)])
    assert links == {}


def test_neighbouring_positions_do_not_prevent_a_link() -> None:
    links, candidates = match([person(1, "Bruno Costa", position="D")], [player(50, "Bruno Costa", element_type=3)])
    assert links == {1: 50}
    assert "position" not in evidence(candidates, 1)[0]


def test_a_transfer_keeps_the_link() -> None:
    moved = player(50, "Bruno Costa", team_code=2)
    assert match([person(1, "Bruno Costa")], [moved], {1: 50})[0] == {1: 50}
    assert match([person(1, "Bruno Costa")], [moved])[0] == {1: 50}


def test_a_transfer_keeps_an_earlier_link_with_weak_evidence() -> None:
    links, candidates = match([person(1, "Costa", None)], [player(50, "Bruno Lima", team_code=2)], {1: 50})
    assert links == {1: 50}
    assert evidence(candidates, 1)[0].startswith("linked before")


def test_an_earlier_link_wins_a_tie() -> None:
    people = [person(1, "Bruno Costa"), person(2, "Bruno Costa")]
    players = [player(50, "Bruno Costa"), player(51, "Bruno Costa")]
    assert match(people, players)[0] == {}
    assert match(people, players, {1: 51})[0] == {1: 51}


def test_an_earlier_link_of_a_person_without_data_is_kept_and_keeps_its_player() -> None:
    links, _ = match([person(2, "Bruno Costa")], [player(50, "Bruno Costa")], {1: 50, 7: 99})
    assert links == {1: 50, 7: 99}


def test_a_contradicted_link_ends_and_is_in_review() -> None:
    people = [person(1, "Bruno Costa", dt.date(1990, 1, 1)), person(2, "Igor Petrenko")]
    links, candidates = match(people, [player(50, "Igor Petrenko")], {1: 50})
    assert links == {2: 50}
    assert statuses(candidates, 1) == ["review"]
    assert evidence(candidates, 1)[0].startswith("linked until now, contradicted")


def test_a_corrected_birth_date_does_not_end_an_earlier_link() -> None:
    people = [person(1, "Bruno Costa", dt.date(1990, 1, 1))]
    assert match(people, [player(50, "Bruno Costa")], {1: 50})[0] == {1: 50}


def test_one_id_in_two_different_rows_is_refused() -> None:
    with pytest.raises(ValueError, match="SofaSport player 1 is in two different rows"):
        match([person(1, "A B"), person(1, "A C")], [])
    with pytest.raises(ValueError, match="FPL player code 50 is in two different rows"):
        match([], [player(50, "A B"), player(50, "A C")])


def test_nobody_on_either_side_gives_no_candidates() -> None:
    assert match([], []) == ({}, [])


def test_every_person_has_a_candidate() -> None:
    people = [person(1, "Bruno Costa"), person(2, "Igor Petrenko", dt.date(1999, 9, 9))]
    _, candidates = match(people, [player(50, "Bruno Costa")])
    assert {row.sofasport_id for row in candidates} == {1, 2}
    assert all(0 <= row.confidence <= 1 for row in candidates)


def test_a_person_has_at_most_five_reviews_and_the_likeliest_comes_first() -> None:
    others = [player(code, "Bruno Costa Lima") for code in range(50, 57)]
    _, candidates = match([person(1, "Bruno Costa")], [*others, player(60, "Bruno Costa")])
    assert statuses(candidates, 1) == ["review"] * 5
    assert candidates[0].fpl_id == 60


def test_a_linked_player_is_no_candidate_of_a_person_with_the_same_surname() -> None:
    _, candidates = match([person(1, "Bruno Costa"), person(2, "Igor Costa", None)], [player(50, "Bruno Costa Lima")])
    assert statuses(candidates, 1) == ["linked"]
    assert statuses(candidates, 2) == ["no_counterpart"]


def test_a_linked_player_is_no_candidate_of_a_twin() -> None:
    _, candidates = match([person(1, "Jack Hargrove"), person(2, "Tyler Hargrove")], [player(50, "Jack Hargrove")])
    assert statuses(candidates, 2) == ["no_counterpart"]


def test_a_transliterated_name_at_another_club_is_linked_by_birth_date_and_sound() -> None:
    links, _ = match([person(1, "Mykhaylo Yarmolenyuk", team_ids=[200])], [player(50, "Mykhailo Yarmoleniuk")])
    assert links == {1: 50}


def test_a_link_has_method_strength_confidence_and_evidence() -> None:
    _, candidates = match([person(1, "Bruno Costa")], [player(50, "Bruno Costa")])
    assert candidates == [
        Candidate(
            sofasport_id=1,
            fpl_id=50,
            status="linked",
            method="name + birth date + club",
            confidence=1.0,
            strength=23.5,
            evidence="name exact, birth date equal, club in common, position equal",
        )
    ]


def test_equal_shirt_numbers_decide_where_fpl_has_them() -> None:
    people = [person(1, "Bruno Costa", None, shirt_numbers=[9]), person(2, "Bruno Costa", None, shirt_numbers=[4])]
    players = [player(50, "Bruno Costa", squad_number=4), player(51, "Bruno Costa", squad_number=9)]
    assert match(people, players)[0] == {1: 51, 2: 50}


def test_a_link_of_one_person_excludes_the_player_for_the_other() -> None:
    # The name Zezinho Costa fits both players, but one of them is certainly Zezinho Costa Lima.
    people = [person(1, "Zezinho Costa", None), person(2, "Zezinho Costa Lima", dt.date(1999, 1, 1))]
    players = [player(50, "Zezinho Costa Reis", None), player(51, "Zezinho Costa Lima", dt.date(1999, 1, 1))]
    assert match(people, players)[0] == {1: 50, 2: 51}


def test_a_name_alone_does_not_link_a_person_of_an_unlinked_club() -> None:
    links, candidates = match([person(1, "Bruno Costa", None, team_ids=[999])], [player(50, "Bruno Costa")])
    assert links == {}
    assert statuses(candidates, 1) == ["review"]


@pytest.mark.parametrize(("one", "other"), [("Dani", "Danilo"), ("Jack", "John"), ("Alberto", "Roberto")])
def test_brothers_with_similar_given_names_are_not_linked_by_club_and_name(one: str, other: str) -> None:
    assert match([person(1, f"{one} Silva", None)], [player(50, f"{other} Silva", None)])[0] == {}


def test_a_son_with_the_name_and_shirt_of_the_father_is_not_linked_to_him() -> None:
    people = [person(1, "Bruno Costa", dt.date(2005, 1, 1), shirt_numbers=[9])]
    father = player(50, "Bruno Costa", dt.date(1975, 3, 3), squad_number=9)
    links, candidates = match(people, [father])
    assert links == {}
    assert statuses(candidates, 1) == ["review"]


def test_a_weak_earlier_link_ends_when_the_player_clearly_is_another_person() -> None:
    people = [person(1, "Liam Smith", None), person(2, "Will Smith")]
    links, candidates = match(people, [player(50, "Will Smith")], {1: 50})
    assert links == {2: 50}
    assert all(words.startswith("linked until now, contradicted") for words in evidence(candidates, 1))
    assert evidence(candidates, 1)


def test_a_manually_linked_person_does_not_compete_for_another_player() -> None:
    decisions = ManualDecisions({1: 50}, frozenset(), {(1, 50): "linked by Ann"})
    people = [person(1, "Bruno Costa"), person(2, "Bruno Costa")]
    players = [player(50, "Igor Petrenko", dt.date(1999, 1, 1)), player(51, "Bruno Costa")]
    assert match(people, players, decisions=decisions)[0] == {1: 50, 2: 51}
