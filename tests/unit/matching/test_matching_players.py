"""SofaSport people matched to FPL players."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from fpl_pulse.matching.decisions import Decisions
from fpl_pulse.matching.players import match_players

TEAMS = pd.DataFrame({"sofasport_team_id": [100, 200], "fpl_team_code": [1, 2]})
BORN = dt.date(2000, 3, 7)


def person(number: int, name: str, born: dt.date | None = BORN, **other: Any) -> dict[str, Any]:  # noqa: ANN401
    """One SofaSport person, seen in the first club."""
    return {
        "sofasport_player_id": number, "name": name, "slug": None, "short_name": None, "position": "M",
        "birth_date": born, "team_ids": [100], "shirt_numbers": [None], "event_ids": [None],
    } | other  # fmt: skip


def player(code: int, name: str, born: dt.date | None = BORN, **other: Any) -> dict[str, Any]:  # noqa: ANN401
    """One FPL player of the first club; the first word is his first name, the last his web name."""
    first, _, second = name.partition(" ")
    return {
        "fpl_code": code, "element_id": code, "first_name": first, "second_name": second,
        "web_name": name.split()[-1], "known_name": None, "birth_date": born, "team_code": 1,
        "element_type": 3, "squad_number": None,
    } | other  # fmt: skip


def match(
    people: list[dict[str, Any]],
    players: list[dict[str, Any]],
    earlier: dict[int, int] | None = None,
    **more: Any,  # noqa: ANN401 - what match_players takes
) -> tuple[dict[int, int], pd.DataFrame]:
    """Return the links as a dict, and the candidates."""
    candidates = match_players(
        pd.DataFrame(people, columns=list(person(0, "x"))),
        pd.DataFrame(players, columns=list(player(0, "x"))),
        TEAMS,
        pd.DataFrame(list((earlier or {}).items()), columns=["sofasport_player_id", "fpl_code"]),
        **more,
    )
    linked = candidates[candidates["status"] == "linked"]
    return dict(zip(linked["sofasport_player_id"], linked["fpl_code"], strict=True)), candidates


def statuses(candidates: pd.DataFrame, number: int) -> list[str]:
    """Return the statuses of one person's candidates."""
    return candidates.loc[candidates["sofasport_player_id"] == number, "status"].tolist()


def test_name_and_birth_date_link() -> None:
    links, candidates = match([person(1, "Bruno Costa")], [player(50, "Bruno Costa")])
    assert links == {1: 50}
    assert statuses(candidates, 1) == ["linked"]


def test_the_same_name_and_birth_date_twice_in_one_club_is_in_review() -> None:
    links, candidates = match(
        [person(1, "Bruno Costa"), person(2, "Bruno Costa")], [player(50, "Bruno Costa")]
    )
    assert links == {}
    assert statuses(candidates, 1) == statuses(candidates, 2) == ["review"]


def test_a_second_profile_elsewhere_does_not_take_the_link_and_is_in_review() -> None:
    links, candidates = match(
        [person(1, "Bruno Costa"), person(2, "Bruno Costa", team_ids=[200])], [player(50, "Bruno Costa")]
    )
    assert links == {1: 50}
    assert statuses(candidates, 2) == ["review"]


def test_a_second_profile_does_not_shake_a_decided_link() -> None:
    links, candidates = match(
        [person(1, "Bruno Costa"), person(2, "Bruno Costa")], [player(50, "Bruno Costa")], {1: 50}
    )
    assert links == {1: 50}
    assert statuses(candidates, 2) == ["review"]


def test_twins_are_told_apart_by_their_given_names() -> None:
    links, _ = match(
        [person(1, "Jack Hargrove"), person(2, "Tyler Hargrove")],
        [player(50, "Tyler Hargrove"), player(51, "Jack Hargrove")],
    )
    assert links == {1: 51, 2: 50}


def test_a_twin_whom_fpl_does_not_know_is_not_linked_to_his_brother() -> None:
    links, _ = match([person(1, "Jack Hargrove")], [player(50, "Tyler Hargrove")])
    assert links == {}


def test_a_shared_surname_does_not_link() -> None:
    links, candidates = match(
        [person(1, "Jacob Murray", dt.date(1995, 2, 24))], [player(50, "Alex Murray", dt.date(1993, 5, 1))]
    )
    assert links == {}
    assert statuses(candidates, 1) == ["no_counterpart"]


def test_a_missing_birth_date_is_made_up_for_by_the_exact_name_in_the_club() -> None:
    assert match([person(1, "Bruno Costa", None)], [player(50, "Bruno Costa")])[0] == {1: 50}
    assert match([person(1, "Bruno Costa")], [player(50, "Bruno Costa", None)])[0] == {1: 50}


def test_a_missing_birth_date_without_a_common_club_is_in_review() -> None:
    links, candidates = match([person(1, "Bruno Costa", None)], [player(50, "Bruno Costa", team_code=2)])
    assert links == {}
    assert statuses(candidates, 1) == ["review"]


def test_a_missing_birth_date_and_half_a_name_do_not_link() -> None:
    assert match([person(1, "Costa", None)], [player(50, "Bruno Costa Lima")])[0] == {}


@pytest.mark.parametrize("slip", [dt.date(2000, 3, 6), dt.date(2000, 3, 8), dt.date(2000, 7, 3)])
def test_a_birth_date_off_by_a_day_or_with_day_and_month_swapped_still_links_a_full_name(
    slip: dt.date,
) -> None:
    assert match([person(1, "Bruno Costa", slip)], [player(50, "Bruno Costa")])[0] == {1: 50}


def test_another_birth_date_puts_even_the_exact_name_in_review() -> None:
    links, candidates = match([person(1, "Bruno Costa", dt.date(2004, 11, 30))], [player(50, "Bruno Costa")])
    assert links == {}
    assert statuses(candidates, 1) == ["review"]


def test_birth_date_and_club_without_any_name_in_common_do_not_link() -> None:
    links, candidates = match([person(1, "Bruno Costa")], [player(50, "Igor Petrenko")])
    assert links == {}
    assert statuses(candidates, 1) == ["review"]


@pytest.mark.parametrize("name", ["", None, "Сергей Петренко", "손흥민"])
def test_an_unreadable_name_is_never_linked_and_never_fails(name: str | None) -> None:
    links, candidates = match([person(1, name or "") | {"name": name}], [player(50, "Bruno Costa")])
    assert links == {}
    assert statuses(candidates, 1) == ["review"]


def test_an_unreadable_name_with_nothing_else_known_has_no_counterpart() -> None:
    _, candidates = match([person(1, "", None, team_ids=None, position=None)], [player(50, "Bruno Costa")])
    assert statuses(candidates, 1) == ["no_counterpart"]
    assert candidates["fpl_code"].isna().all()


def test_a_goalkeeper_is_not_linked_to_a_forward() -> None:
    links, _ = match([person(1, "Bruno Costa", position="G")], [player(50, "Bruno Costa", element_type=4)])
    assert links == {}


def test_a_wing_back_may_be_a_midfielder_elsewhere() -> None:
    links, candidates = match(
        [person(1, "Bruno Costa", position="D")], [player(50, "Bruno Costa", element_type=3)]
    )
    assert links == {1: 50}
    assert not candidates["evidence"].str.contains("position").any()


def test_a_transfer_keeps_the_link() -> None:
    moved = player(50, "Bruno Costa", team_code=2)
    assert match([person(1, "Bruno Costa")], [moved], {1: 50})[0] == {1: 50}
    assert match([person(1, "Bruno Costa")], [moved])[0] == {1: 50}


def test_a_transfer_keeps_a_link_that_was_never_sure_by_itself() -> None:
    links, candidates = match([person(1, "Costa", None)], [player(50, "Bruno Lima", team_code=2)], {1: 50})
    assert links == {1: 50}
    assert candidates["evidence"].str.startswith("linked before").all()


def test_a_decided_link_wins_a_tie() -> None:
    people = [person(1, "Bruno Costa"), person(2, "Bruno Costa")]
    players = [player(50, "Bruno Costa"), player(51, "Bruno Costa")]
    assert match(people, players)[0] == {}
    assert match(people, players, {1: 51})[0] == {1: 51}


def test_a_decided_link_of_somebody_not_seen_now_is_kept_and_holds_its_player() -> None:
    links, _ = match([person(2, "Bruno Costa")], [player(50, "Bruno Costa")], {1: 50, 7: 99})
    assert links == {1: 50, 7: 99}


def test_a_contradicted_link_is_given_up_and_shown() -> None:
    people = [person(1, "Bruno Costa", dt.date(1990, 1, 1)), person(2, "Igor Petrenko")]
    links, candidates = match(people, [player(50, "Igor Petrenko")], {1: 50})
    assert links == {2: 50}
    assert statuses(candidates, 1) == ["review"]
    assert candidates["evidence"].str.startswith("linked until now, contradicted").any()


def test_a_corrected_birth_date_does_not_break_a_decided_link() -> None:
    people = [person(1, "Bruno Costa", dt.date(1990, 1, 1))]
    assert match(people, [player(50, "Bruno Costa")], {1: 50})[0] == {1: 50}


def test_one_person_decided_twice_is_refused() -> None:
    decided = pd.DataFrame({"sofasport_player_id": [1, 1], "fpl_code": [50, 51]})
    with pytest.raises(ValueError, match="Earlier links have sofasport_player_id 1 in two different rows"):
        match_players(pd.DataFrame([person(1, "A B")]), pd.DataFrame([player(50, "A B")]), TEAMS, decided)


def test_a_missing_column_is_named() -> None:
    people = pd.DataFrame([person(1, "A B")]).drop(columns="birth_date")
    empty = pd.DataFrame(columns=["sofasport_player_id", "fpl_code"])
    with pytest.raises(ValueError, match="People lack the columns birth_date"):
        match_players(people, pd.DataFrame([player(50, "A B")]), TEAMS, empty)


def test_nobody_on_either_side_gives_empty_frames_with_their_columns() -> None:
    links, candidates = match([], [])
    assert links == {}
    assert list(candidates.columns) == [
        "sofasport_player_id", "fpl_code", "status", "method", "confidence", "strength", "evidence",
    ]  # fmt: skip


def test_everybody_is_among_the_candidates() -> None:
    people = [person(1, "Bruno Costa"), person(2, "Igor Petrenko", dt.date(1999, 9, 9))]
    _, candidates = match(people, [player(50, "Bruno Costa")])
    assert set(candidates["sofasport_player_id"]) == {1, 2}
    assert candidates["confidence"].between(0, 1).all()


def test_the_review_list_of_a_person_is_short_and_the_likeliest_comes_first() -> None:
    others = [player(code, "Bruno Costa Lima") for code in range(50, 57)]
    _, candidates = match([person(1, "Bruno Costa")], [*others, player(60, "Bruno Costa")])
    assert statuses(candidates, 1) == ["review"] * 5
    assert candidates["fpl_code"].tolist()[0] == 60


def test_a_player_who_is_somebody_else_for_certain_is_no_candidate_of_a_namesake() -> None:
    _, candidates = match(
        [person(1, "Bruno Costa"), person(2, "Igor Costa", None)], [player(50, "Bruno Costa Lima")]
    )
    assert statuses(candidates, 1) == ["linked"]
    assert statuses(candidates, 2) == ["no_counterpart"]


def test_a_brother_by_birth_date_is_no_candidate_for_a_player_who_is_linked() -> None:
    _, candidates = match(
        [person(1, "Jack Hargrove"), person(2, "Tyler Hargrove")], [player(50, "Jack Hargrove")]
    )
    assert statuses(candidates, 2) == ["no_counterpart"]


def test_a_wholly_transliterated_name_at_another_club_is_found_by_birth_date_and_sound() -> None:
    links, _ = match(
        [person(1, "Mykhaylo Yarmolenyuk", team_ids=[200])], [player(50, "Mykhailo Yarmoleniuk")]
    )
    assert links == {1: 50}


def test_a_link_says_how_sure_it_is_and_why() -> None:
    _, candidates = match([person(1, "Bruno Costa")], [player(50, "Bruno Costa")])
    (row,) = candidates.to_dict("records")
    assert row["method"] == "name + birth date + club"
    assert row["evidence"] == "name exact, birth date equal, club in common, position equal"
    assert row["strength"] == pytest.approx(23.5)
    assert row["confidence"] == 1.0


def test_a_shirt_number_speaks_where_fpl_says_one() -> None:
    people = [
        person(1, "Bruno Costa", None, shirt_numbers=[9]),
        person(2, "Bruno Costa", None, shirt_numbers=[4]),
    ]
    players = [player(50, "Bruno Costa", squad_number=4), player(51, "Bruno Costa", squad_number=9)]
    assert match(people, players)[0] == {1: 51, 2: 50}


def test_one_to_one_tells_more_than_each_pair_alone() -> None:
    # Alone, Zezinho Costa could be either; but Zezinho Costa Lima is certainly the other man.
    people = [person(1, "Zezinho Costa", None), person(2, "Zezinho Costa Lima", dt.date(1999, 1, 1))]
    players = [
        player(50, "Zezinho Costa Reis", None),
        player(51, "Zezinho Costa Lima", dt.date(1999, 1, 1)),
    ]
    assert match(people, players)[0] == {1: 50, 2: 51}


def test_a_name_alone_links_nobody_of_a_club_that_is_not_linked() -> None:
    links, candidates = match([person(1, "Bruno Costa", None, team_ids=[999])], [player(50, "Bruno Costa")])
    assert links == {}
    assert statuses(candidates, 1) == ["review"]


@pytest.mark.parametrize(("one", "other"), [("Dani", "Danilo"), ("Jack", "John"), ("Alberto", "Roberto")])
def test_brothers_with_alike_given_names_are_not_linked_by_club_and_name(one: str, other: str) -> None:
    assert match([person(1, f"{one} Silva", None)], [player(50, f"{other} Silva", None)])[0] == {}


def test_a_son_of_his_fathers_name_and_shirt_is_not_his_father() -> None:
    people = [person(1, "Bruno Costa", dt.date(2005, 1, 1), shirt_numbers=[9])]
    father = player(50, "Bruno Costa", dt.date(1975, 3, 3), squad_number=9)
    links, candidates = match(people, [father])
    assert links == {}
    assert statuses(candidates, 1) == ["review"]


def test_a_weak_earlier_link_gives_way_to_whom_the_player_clearly_is() -> None:
    people = [person(1, "Liam Smith", None), person(2, "Will Smith")]
    links, candidates = match(people, [player(50, "Will Smith")], {1: 50})
    assert links == {2: 50}
    first = candidates[candidates["sofasport_player_id"] == 1]
    assert first["evidence"].str.startswith("linked until now, contradicted").all()


def test_whom_a_person_has_linked_stands_in_nobodys_way() -> None:
    said = Decisions({1: 50}, frozenset(), {(1, 50): "linked by Ann"})
    people = [person(1, "Bruno Costa"), person(2, "Bruno Costa")]
    players = [player(50, "Igor Petrenko", dt.date(1999, 1, 1)), player(51, "Bruno Costa")]
    assert match(people, players, decisions=said)[0] == {1: 50, 2: 51}
