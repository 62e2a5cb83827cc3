"""How minutes make links, end links and distinguish namesakes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from fpl_pulse.matching.manual_decisions import ManualDecisions
from fpl_pulse.matching.rows import PersonRow
from tests.unit.matching.playing import BORN, RECORD, TEAM_MATES, codes, match, records_of, statuses
from tests.unit.matching.test_matching_players import person, player


def test_minutes_link_a_person_whom_the_name_does_not() -> None:
    record = RECORD | {6: 17, 7: 74, 8: 50}
    both = records_of({1: record, **TEAM_MATES}, {50: record, **TEAM_MATES})
    people = [person(1, "Pipo", dt.date(1999, 1, 1), position="F")]
    players = [player(50, "Filipe Ramalho Dinis", BORN)]
    without = match(people, players, records_of({}, {}))
    assert without[1].status == "no_counterpart"
    found = match(people, [replace(players[0], birth_date=None)], both)
    assert found[1].status == "linked"
    assert found[1].method.startswith("minutes")


def test_minutes_distinguish_namesakes_with_one_birth_date_and_club() -> None:
    other = {1: 45, 3: 78, 4: 5, 5: 59}
    people = [person(1, "Bruno Costa"), person(2, "Bruno Costa")]
    players = [player(50, "Bruno Costa"), player(51, "Bruno Costa")]
    assert set(statuses(match(people, players, records_of({}, {}))).values()) == {"review"}
    both = records_of({1: RECORD, 2: other, **TEAM_MATES}, {50: other, 51: RECORD, **TEAM_MATES})
    found = match(people, players, both)
    assert codes(found) == {1: 51, 2: 50}
    assert set(statuses(found).values()) == {"linked"}


@pytest.mark.parametrize("wrong_matches", [1, 2])
def test_a_week_of_wrong_minutes_does_not_link_the_other_profile(wrong_matches: int) -> None:
    people = [person(1, "Bruno Costa"), person(2, "Bruno Costa")]
    players = [player(50, "Bruno Costa")]
    wrong = {day: 90 for day in range(1, wrong_matches + 1)}
    found = match(people, players, records_of({2: wrong, **TEAM_MATES}, {50: {}, **TEAM_MATES}))
    assert set(statuses(found).values()) == {"review"}


def test_a_match_of_his_own_distinguishes_a_profile_from_one_that_has_not_played() -> None:
    people = [person(1, "Bruno Costa"), person(2, "Bruno Costa")]
    both = records_of({1: {1: 90}, **TEAM_MATES}, {50: {1: 90}, **TEAM_MATES})
    assert statuses(match(people, [player(50, "Bruno Costa")], both)) == {1: "linked", 2: "review"}


def test_three_disagreeing_matches_free_the_player_for_the_other_profile() -> None:
    people = [person(1, "Bruno Costa"), person(2, "Bruno Costa")]
    players = [player(50, "Bruno Costa")]
    both = records_of({2: RECORD, **TEAM_MATES}, {50: {}, **TEAM_MATES})
    assert statuses(match(people, players, both)) == {1: "linked", 2: "review"}


def test_a_link_ends_when_the_minutes_of_three_matches_in_a_row_disagree() -> None:
    people, players = [person(1, "Bruno Costa")], [player(50, "Bruno Costa")]
    stays = match(
        people, players, records_of({1: RECORD, **TEAM_MATES}, {50: {1: 90, 2: 67, 3: 12}, **TEAM_MATES}), {1: 50}
    )
    assert stays[1].status == "linked"
    goes = match(people, players, records_of({1: RECORD, **TEAM_MATES}, {50: {1: 90, 2: 67}, **TEAM_MATES}), {1: 50})
    assert goes[1].status == "review"
    assert goes[1].evidence.startswith("linked until now, contradicted: ")
    assert "minutes agree in 2 of 5 matches" in goes[1].evidence


def test_a_contradicted_pair_is_not_linked() -> None:
    people, players = [person(1, "Bruno Costa")], [player(50, "Bruno Costa")]
    found = match(people, players, records_of({1: RECORD, **TEAM_MATES}, {50: {}, **TEAM_MATES}))
    assert found[1].status == "review"
    assert found[1].evidence.startswith("contradicted: ")


def test_three_disagreeing_matches_in_a_row_prevent_a_link_with_strong_evidence() -> None:
    long = {day: 11 * day for day in range(1, 9)}
    both = records_of({1: long, **TEAM_MATES}, {50: {day: long[day] for day in range(1, 6)}, **TEAM_MATES})
    found = match([person(1, "Bruno Costa")], [player(50, "Bruno Costa")], both)
    assert (found[1].strength or 0) > 20
    assert found[1].status == "review"


def test_minutes_alone_put_a_pair_in_review() -> None:
    long = {day: 11 * day for day in range(1, 9)}
    both = records_of({1: long, **TEAM_MATES}, {50: long, **TEAM_MATES})
    people = [person(1, "Pipo", dt.date(1999, 1, 1), team_ids=[])]
    players = [player(50, "Filipe Ramalho Dinis", BORN)]
    assert match(people, players, both)[1].status == "review"
    assert match(people, players, records_of({}, {}))[1].status == "no_counterpart"


def test_a_manual_link_overrides_contradicting_minutes_and_its_evidence_says_so() -> None:
    decisions = ManualDecisions({1: 50}, frozenset(), {(1, 50): "linked by Ann on 2025-10-14: seen on the pitch"})
    both = records_of({1: RECORD, **TEAM_MATES}, {50: {}, **TEAM_MATES})
    found = match([person(1, "Bruno Costa")], [player(50, "Bruno Costa")], both, {}, decisions)
    assert (found[1].status, found[1].method) == ("linked", "decision")
    assert "linked by Ann on 2025-10-14: seen on the pitch, against the evidence" in found[1].evidence


def test_a_manual_link_ends_the_earlier_link_of_the_player() -> None:
    decisions = ManualDecisions({1: 50}, frozenset(), {(1, 50): "linked by Ann"})
    people = [person(1, "Bruno Costa"), person(2, "Bruno Costa Lima", dt.date(1999, 1, 1))]
    found = match(people, [player(50, "Bruno Costa Lima", dt.date(1999, 1, 1))], records_of({}, {}), {2: 50}, decisions)
    assert found[1].status == "linked"
    assert found[2].status == "review"
    assert "replaced by a manual decision" in found[2].evidence


def test_a_manual_rejection_ends_a_link_and_prevents_a_new_one() -> None:
    decisions = ManualDecisions({}, frozenset({(1, 50)}), {(1, 50): "rejected by Ann"})
    for earlier in ({}, {1: 50}):
        found = match([person(1, "Bruno Costa")], [player(50, "Bruno Costa")], records_of({}, {}), earlier, decisions)
        assert found[1].status == "no_counterpart"
        assert found[1].evidence == "rejected manually"


FIRST, SECOND = {1: 29, 2: 12, 3: 13}, {4: 45, 5: 22}


def profiles(**second: Any) -> list[PersonRow]:  # noqa: ANN401
    """Two profiles with one name and birthday, named in different matches."""
    return [
        person(1, "Bruno Costa", event_ids=[101, 102, 103]),
        person(2, "Bruno Costa", **({"event_ids": [104, 105]} | second)),
    ]


@pytest.mark.parametrize("earlier", [{}, {1: 50}, {2: 50}])
def test_two_profiles_are_linked_to_one_player_when_their_minutes_together_are_the_players(
    earlier: dict[int, int],
) -> None:
    both = records_of({1: FIRST, 2: SECOND, **TEAM_MATES}, {50: FIRST | SECOND, **TEAM_MATES})
    found = match(profiles(), [player(50, "Bruno Costa")], both, earlier)
    assert codes(found) == {1: 50, 2: 50}
    assert set(statuses(found).values()) == {"linked"}


def test_namesakes_in_one_lineup_are_two_people() -> None:
    both = records_of({1: FIRST, 2: SECOND, **TEAM_MATES}, {50: FIRST | SECOND, **TEAM_MATES})
    found = match(profiles(event_ids=[103, 104, 105]), [player(50, "Bruno Costa")], both)
    assert statuses(found) == {1: "linked", 2: "review"}


def test_a_second_profile_that_has_not_played_is_in_review() -> None:
    both = records_of({1: FIRST, **TEAM_MATES}, {50: FIRST, **TEAM_MATES})
    found = match(profiles(), [player(50, "Bruno Costa")], both, {1: 50})
    assert statuses(found) == {1: "linked", 2: "review"}
    assert found[2].evidence.startswith("another profile is linked to him")


def test_a_namesake_with_other_minutes_is_no_second_profile() -> None:
    both = records_of({1: FIRST, 2: SECOND, **TEAM_MATES}, {50: FIRST, **TEAM_MATES})
    found = match(profiles(), [player(50, "Bruno Costa")], both, {1: 50})
    assert statuses(found) == {1: "linked", 2: "review"}


def test_a_manual_link_of_a_second_profile_keeps_the_link_of_the_first() -> None:
    decisions = ManualDecisions({2: 50}, frozenset(), {(2, 50): "linked by Ann"})
    found = match(profiles(), [player(50, "Bruno Costa")], records_of({}, {}), {1: 50}, decisions)
    assert codes(found) == {1: 50, 2: 50}


def test_one_common_match_does_not_link_a_twin() -> None:
    both = records_of({1: {1: 90}, **TEAM_MATES}, {50: {1: 90}, **TEAM_MATES})
    people = [person(1, "Jacob Hargrove", shirt_numbers=[11])]
    found = match(people, [player(50, "Tyler Hargrove", squad_number=11)], both)
    assert found[1].status == "review"


def test_one_common_match_does_not_override_a_different_position() -> None:
    both = records_of({1: {1: 90}, **TEAM_MATES}, {50: {1: 90}, **TEAM_MATES})
    people = [person(1, "Igor Petrenko", dt.date(1990, 1, 1), position="G")]
    found = match(people, [player(50, "Bruno Costa", BORN)], both, {1: 50})
    assert found[1].evidence.startswith("linked until now, contradicted")


def test_three_agreeing_matches_in_a_row_end_a_contradiction_and_two_do_not() -> None:
    people, players = [person(1, "Bruno Costa")], [player(50, "Bruno Costa")]
    theirs = {1: 90, 2: 67}
    for day, status in ((6, "review"), (7, "review"), (8, "linked")):
        after = {later: 10 * later for later in range(6, day + 1)}
        both = records_of({1: RECORD | after, **TEAM_MATES}, {50: theirs | after, **TEAM_MATES})
        found = match(people, players, both, lost={1: 50})
        assert found[1].status == status, day
        if status == "review":
            assert found[1].evidence.startswith("linked once, contradicted since: ")


def test_after_a_lost_link_only_a_manual_decision_links_another_player() -> None:
    people = [person(1, "Bruno Costa")]
    players = [player(50, "Bruno Costa Lima"), player(51, "Bruno Costa")]
    both = records_of({1: RECORD, **TEAM_MATES}, {50: {}, 51: RECORD, **TEAM_MATES})
    assert match(people, players, both)[1].fpl_id == 51
    for earlier, lost in (({1: 50}, {}), ({}, {1: 50})):
        found = match(people, players, both, earlier, lost=lost)
        assert (found[1].status, found[1].fpl_id) == ("review", 51)
    decisions = ManualDecisions({1: 51}, frozenset(), {(1, 51): "linked by Ann"})
    assert match(people, players, both, decisions=decisions, lost={1: 50})[1].status == "linked"


def test_a_manual_link_of_one_of_two_profiles_does_not_change_the_other() -> None:
    both = records_of({1: FIRST, 2: SECOND, **TEAM_MATES}, {50: FIRST | SECOND, **TEAM_MATES})
    players = [player(50, "Bruno Costa"), player(51, "Igor Petrenko", dt.date(1990, 1, 1))]
    for number, other in ((1, 2), (2, 1)):
        decisions = ManualDecisions({number: 51}, frozenset(), {(number, 51): "linked by Ann"})
        assert codes(match(profiles(), players, both, decisions=decisions)) == {number: 51, other: 50}


@pytest.mark.parametrize(("rejected", "other"), [(1, 2), (2, 1)])
def test_rejecting_one_of_two_profiles_keeps_the_link_of_the_other(rejected: int, other: int) -> None:
    both = records_of({1: FIRST, 2: SECOND, **TEAM_MATES}, {50: FIRST | SECOND, **TEAM_MATES})
    decisions = ManualDecisions({}, frozenset({(rejected, 50)}), {(rejected, 50): "rejected by Ann"})
    found = match(profiles(), [player(50, "Bruno Costa")], both, decisions=decisions)
    assert statuses(found) == {rejected: "no_counterpart", other: "linked"}


def test_minutes_alone_need_five_matches_to_link() -> None:
    rare = {day: 11 * day for day in range(1, 6)}
    everybody = {number: {day: 90 for day in rare} for number in range(900, 926)}
    people, players = [person(1, "Pipo", None)], [player(50, "Filipe Ramalho Dinis", None)]
    for matches, status in ((4, "review"), (5, "linked")):
        record = {day: rare[day] for day in range(1, matches + 1)}
        both = records_of({1: record, **everybody}, {50: record, **everybody})
        found = match(people, players, both)[1]
        assert (found.strength or 0) >= 7
        assert found.status == status
