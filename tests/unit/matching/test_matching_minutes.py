"""What the minutes do to links: they make them, end them, and tell people apart."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from fpl_pulse.matching.decisions import Decisions
from tests.unit.matching.playing import BORN, RECORD, TEAM_MATES, column, known, match
from tests.unit.matching.test_matching_players import person, player


def test_minutes_link_what_names_and_a_wrong_birth_date_would_not() -> None:
    record = RECORD | {6: 17, 7: 74, 8: 50}
    both = known({1: record, **TEAM_MATES}, {50: record, **TEAM_MATES})
    people = [person(1, "Pipo", dt.date(1999, 1, 1), position="F")]
    players = [player(50, "Filipe Ramalho Dinis", BORN)]
    without = match(people, players, known({}, {}))
    assert without[1]["status"] == "no_counterpart"
    found = match(people, [players[0] | {"birth_date": None}], both)
    assert found[1]["status"] == "linked"
    assert found[1]["method"].startswith("minutes")


def test_minutes_tell_namesakes_of_one_birthday_in_one_club_apart() -> None:
    other = {1: 45, 3: 78, 4: 5, 5: 59}
    people = [person(1, "Bruno Costa"), person(2, "Bruno Costa")]
    players = [player(50, "Bruno Costa"), player(51, "Bruno Costa")]
    assert set(column(match(people, players, known({}, {})), "status").values()) == {"review"}
    both = known({1: RECORD, 2: other, **TEAM_MATES}, {50: other, 51: RECORD, **TEAM_MATES})
    found = match(people, players, both)
    assert column(found, "fpl_code") == {1: 51, 2: 50}
    assert set(column(found, "status").values()) == {"linked"}


def test_a_link_goes_back_to_review_when_the_minutes_disagree_three_matches_running() -> None:
    people, players = [person(1, "Bruno Costa")], [player(50, "Bruno Costa")]
    stays = match(
        people, players, known({1: RECORD, **TEAM_MATES}, {50: {1: 90, 2: 67, 3: 12}, **TEAM_MATES}), {1: 50}
    )
    assert stays[1]["status"] == "linked"
    goes = match(
        people, players, known({1: RECORD, **TEAM_MATES}, {50: {1: 90, 2: 67}, **TEAM_MATES}), {1: 50}
    )
    assert goes[1]["status"] == "review"
    assert goes[1]["evidence"].startswith("linked until now, contradicted: ")
    assert "minutes agree in 2 of 5 matches" in goes[1]["evidence"]


def test_what_is_contradicted_is_not_linked_anew_either() -> None:
    people, players = [person(1, "Bruno Costa")], [player(50, "Bruno Costa")]
    found = match(people, players, known({1: RECORD, **TEAM_MATES}, {50: {}, **TEAM_MATES}))
    assert found[1]["status"] == "review"
    assert found[1]["evidence"].startswith("contradicted: ")


def test_not_even_everything_else_together_links_against_three_matches_running() -> None:
    long = {day: 11 * day for day in range(1, 9)}
    both = known({1: long, **TEAM_MATES}, {50: {day: long[day] for day in range(1, 6)}, **TEAM_MATES})
    found = match([person(1, "Bruno Costa")], [player(50, "Bruno Costa")], both)
    assert found[1]["strength"] > 20
    assert found[1]["status"] == "review"


def test_minutes_alone_make_a_pair_worth_a_look() -> None:
    long = {day: 11 * day for day in range(1, 9)}
    both = known({1: long, **TEAM_MATES}, {50: long, **TEAM_MATES})
    people = [person(1, "Pipo", dt.date(1999, 1, 1), team_ids=[])]
    players = [player(50, "Filipe Ramalho Dinis", BORN)]
    assert match(people, players, both)[1]["status"] == "review"
    assert match(people, players, known({}, {}))[1]["status"] == "no_counterpart"


def test_a_persons_link_stands_against_the_minutes_and_says_so() -> None:
    said = Decisions({1: 50}, frozenset(), {(1, 50): "linked by Ann on 2025-10-14: seen on the pitch"})
    both = known({1: RECORD, **TEAM_MATES}, {50: {}, **TEAM_MATES})
    found = match([person(1, "Bruno Costa")], [player(50, "Bruno Costa")], both, {}, said)
    assert (found[1]["status"], found[1]["method"]) == ("linked", "decision")
    assert "linked by Ann on 2025-10-14: seen on the pitch, against the evidence" in found[1]["evidence"]


def test_a_persons_link_takes_the_player_from_whoever_had_him() -> None:
    said = Decisions({1: 50}, frozenset(), {(1, 50): "linked by Ann"})
    people = [person(1, "Bruno Costa"), person(2, "Bruno Costa Lima", dt.date(1999, 1, 1))]
    found = match(people, [player(50, "Bruno Costa Lima", dt.date(1999, 1, 1))], known({}, {}), {2: 50}, said)
    assert found[1]["status"] == "linked"
    assert found[2]["status"] == "review"
    assert "given up for a person's decision" in found[2]["evidence"]


def test_a_persons_rejection_ends_a_link_and_keeps_it_from_coming_back() -> None:
    said = Decisions({}, frozenset({(1, 50)}), {(1, 50): "rejected by Ann"})
    for earlier in ({}, {1: 50}):
        found = match([person(1, "Bruno Costa")], [player(50, "Bruno Costa")], known({}, {}), earlier, said)
        assert found[1]["status"] == "no_counterpart"
        assert found[1]["evidence"] == "rejected by a person"


FIRST, SECOND = {1: 29, 2: 12, 3: 13}, {4: 45, 5: 22}


def profiles(**second: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """Two profiles with one name and birthday, named in different matches."""
    return [
        person(1, "Bruno Costa", event_ids=[101, 102, 103]),
        person(2, "Bruno Costa", **{"event_ids": [104, 105]} | second),
    ]


@pytest.mark.parametrize("earlier", [{}, {1: 50}, {2: 50}])
def test_two_profiles_of_one_man_both_point_to_him_when_their_minutes_together_are_his(
    earlier: dict[int, int],
) -> None:
    both = known({1: FIRST, 2: SECOND, **TEAM_MATES}, {50: FIRST | SECOND, **TEAM_MATES})
    found = match(profiles(), [player(50, "Bruno Costa")], both, earlier)
    assert column(found, "fpl_code") == {1: 50, 2: 50}
    assert set(column(found, "status").values()) == {"linked"}


def test_namesakes_named_in_the_same_match_are_two_men() -> None:
    both = known({1: FIRST, 2: SECOND, **TEAM_MATES}, {50: FIRST | SECOND, **TEAM_MATES})
    found = match(profiles(event_ids=[103, 104, 105]), [player(50, "Bruno Costa")], both)
    assert column(found, "status") == {1: "linked", 2: "review"}


def test_a_second_profile_that_has_not_played_waits_in_review() -> None:
    both = known({1: FIRST, **TEAM_MATES}, {50: FIRST, **TEAM_MATES})
    found = match(profiles(), [player(50, "Bruno Costa")], both, {1: 50})
    assert column(found, "status") == {1: "linked", 2: "review"}
    assert found[2]["evidence"].startswith("another profile is linked to him")


def test_a_namesake_whose_minutes_are_not_the_players_is_no_second_profile() -> None:
    both = known({1: FIRST, 2: SECOND, **TEAM_MATES}, {50: FIRST, **TEAM_MATES})
    found = match(profiles(), [player(50, "Bruno Costa")], both, {1: 50})
    assert column(found, "status") == {1: "linked", 2: "review"}


def test_a_persons_link_of_a_second_profile_leaves_the_first_alone() -> None:
    said = Decisions({2: 50}, frozenset(), {(2, 50): "linked by Ann"})
    found = match(profiles(), [player(50, "Bruno Costa")], known({}, {}), {1: 50}, said)
    assert column(found, "fpl_code") == {1: 50, 2: 50}


def test_a_twin_is_not_linked_by_one_match_that_many_played() -> None:
    both = known({1: {1: 90}, **TEAM_MATES}, {50: {1: 90}, **TEAM_MATES})
    people = [person(1, "Jacob Hargrove", shirt_numbers=[11])]
    found = match(people, [player(50, "Tyler Hargrove", squad_number=11)], both)
    assert found[1]["status"] == "review"


def test_one_match_that_many_played_does_not_make_a_goalkeeper_a_forward() -> None:
    both = known({1: {1: 90}, **TEAM_MATES}, {50: {1: 90}, **TEAM_MATES})
    people = [person(1, "Igor Petrenko", dt.date(1990, 1, 1), position="G")]
    found = match(people, [player(50, "Bruno Costa", BORN)], both, {1: 50})
    assert found[1]["evidence"].startswith("linked until now, contradicted")


def test_one_agreeing_match_does_not_undo_a_contradiction_and_three_running_do() -> None:
    people, players = [person(1, "Bruno Costa")], [player(50, "Bruno Costa")]
    theirs = {1: 90, 2: 67}
    for day, status in ((6, "review"), (7, "review"), (8, "linked")):
        after = {later: 10 * later for later in range(6, day + 1)}
        both = known({1: RECORD | after, **TEAM_MATES}, {50: theirs | after, **TEAM_MATES})
        found = match(people, players, both, lost={1: 50})
        assert found[1]["status"] == status, day
        if status == "review":
            assert found[1]["evidence"].startswith("linked once, contradicted since: ")


def test_who_has_lost_a_link_is_linked_to_another_player_by_a_person_only() -> None:
    people = [person(1, "Bruno Costa")]
    players = [player(50, "Bruno Costa Lima"), player(51, "Bruno Costa")]
    both = known({1: RECORD, **TEAM_MATES}, {50: {}, 51: RECORD, **TEAM_MATES})
    assert match(people, players, both)[1]["fpl_code"] == 51
    for earlier, lost in (({1: 50}, {}), ({}, {1: 50})):
        found = match(people, players, both, earlier, lost=lost)
        assert (found[1]["status"], found[1]["fpl_code"]) == ("review", 51)
    said = Decisions({1: 51}, frozenset(), {(1, 51): "linked by Ann"})
    assert match(people, players, both, said=said, lost={1: 50})[1]["status"] == "linked"


def test_a_decision_about_one_of_two_profiles_says_nothing_of_the_other() -> None:
    both = known({1: FIRST, 2: SECOND, **TEAM_MATES}, {50: FIRST | SECOND, **TEAM_MATES})
    players = [player(50, "Bruno Costa"), player(51, "Igor Petrenko", dt.date(1990, 1, 1))]
    for number, other in ((1, 2), (2, 1)):
        said = Decisions({number: 51}, frozenset(), {(number, 51): "linked by Ann"})
        assert column(match(profiles(), players, both, said=said), "fpl_code") == {number: 51, other: 50}


@pytest.mark.parametrize(("rejected", "other"), [(1, 2), (2, 1)])
def test_rejecting_one_of_two_profiles_leaves_the_other_linked(rejected: int, other: int) -> None:
    both = known({1: FIRST, 2: SECOND, **TEAM_MATES}, {50: FIRST | SECOND, **TEAM_MATES})
    said = Decisions({}, frozenset({(rejected, 50)}), {(rejected, 50): "rejected by Ann"})
    found = match(profiles(), [player(50, "Bruno Costa")], both, said=said)
    assert column(found, "status") == {rejected: "no_counterpart", other: "linked"}


def test_a_few_rare_matches_alone_link_nobody_whose_name_and_birthday_say_nothing() -> None:
    rare = {day: 11 * day for day in range(1, 6)}
    everybody = {number: {day: 90 for day in rare} for number in range(900, 926)}
    people, players = [person(1, "Pipo", None)], [player(50, "Filipe Ramalho Dinis", None)]
    for matches, status in ((4, "review"), (5, "linked")):
        record = {day: rare[day] for day in range(1, matches + 1)}
        both = known({1: record, **everybody}, {50: record, **everybody})
        found = match(people, players, both)[1]
        assert found["strength"] >= 7
        assert found["status"] == status
