"""Who played how long on both sides: what it proves, and what it contradicts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from fpl_pulse.matching.behaviour import Agreement, Records, records
from fpl_pulse.matching.decisions import Decisions
from fpl_pulse.matching.players import match_players
from tests.unit.matching.test_matching_players import TEAMS, person, player

BORN = dt.date(2000, 3, 7)
Played = dict[int, int]
"""Matchday -> minutes."""

TEAM_MATES = {number: {day: 90 for day in range(1, 9)} for number in range(900, 910)}
"""Ever-presents of both sides, known to FPL only as a crowd."""


def known(
    ours: dict[int, Played], theirs: dict[int, Played], goals: dict[tuple[int, int], int] | None = None
) -> Records:
    """Records of both sides; `goals` by (id or code, matchday)."""
    scored = goals or {}
    days = sorted({day for played in [*ours.values(), *theirs.values()] for day in played})
    kickoff = pd.Timestamp("2025-08-16T14:00Z")

    def rows(side: dict[int, Played]) -> list[tuple[int, int, int, int]]:
        return [
            (day, number, minutes, scored.get((number, day), 0))
            for number, played in side.items()
            for day, minutes in played.items()
        ]

    return records(
        pd.DataFrame(
            [(100 + day, *rest) for day, *rest in rows(ours)],
            columns=["event_id", "sofasport_player_id", "minutes", "goals"],
        ),
        pd.DataFrame(
            [(*row, kickoff + pd.Timedelta(weeks=row[0])) for row in rows(theirs)],
            columns=["fixture_id", "fpl_code", "minutes", "goals", "kickoff_at"],
        ),
        pd.DataFrame({"event_id": [100 + day for day in days], "fixture_id": days, "is_current": True}),
    )


def record_of_the_first(both: Records) -> dict[int, tuple[int, int]]:
    """What the first man did."""
    return both.played[1]


def compared(ours: Played, theirs: Played, **more: Any) -> Agreement | None:  # noqa: ANN401
    """One man against one player among the crowd."""
    both = known({1: ours, **TEAM_MATES}, {50: theirs, **TEAM_MATES}, **more)
    record = both.played.get(1, {})
    return both.compare(record, 50, both.fits(record))


def test_rare_minutes_prove_more_than_ninety() -> None:
    rare, common = compared({1: 67}, {1: 67}), compared({1: 90}, {1: 90})
    assert rare is not None
    assert common is not None
    assert rare.bits > 3
    assert 0 <= common.bits < 1


def test_a_whole_record_fits_one_man_alone() -> None:
    found = compared({1: 90, 2: 67, 3: 12, 4: 85}, {1: 90, 2: 67, 3: 12, 4: 85})
    assert found is not None
    assert (found.agreed, found.disagreed, found.alone) == (4, 0, True)
    assert found.bits > 10
    assert found.words == "minutes agree in all of 4 matches, as nobody else's"


def test_a_record_that_the_whole_team_shares_proves_little() -> None:
    found = compared({day: 90 for day in range(1, 9)}, {day: 90 for day in range(1, 9)})
    assert found is not None
    assert not found.alone
    assert found.bits < 2


def test_a_rare_record_that_another_shares_tells_only_that_it_is_one_of_two() -> None:
    rare = {1: 67, 2: 12, 3: 45, 4: 71, 5: 33, 6: 19}
    both = known({1: rare, **TEAM_MATES}, {50: rare, 51: rare, **TEAM_MATES})
    found = both.compare(record_of_the_first(both), 50, both.fits(record_of_the_first(both)))
    assert found is not None
    assert not found.alone
    assert found.bits <= 4


def test_goals_tell_team_mates_apart() -> None:
    minutes = {1: 90, 2: 90}
    scorer = compared(minutes, minutes, goals={(1, 1): 2, (50, 1): 2})
    other = compared(minutes, minutes, goals={(1, 1): 2})
    assert scorer is not None
    assert other is not None
    assert scorer.bits > other.bits + 3


def test_a_minute_or_two_apart_is_the_same_match() -> None:
    found = compared({1: 67, 2: 88}, {1: 66, 2: 90})
    assert found is not None
    assert (found.agreed, found.disagreed) == (2, 0)


def test_a_minute_on_one_side_alone_says_nothing() -> None:
    assert compared({1: 1}, {}) is None


def test_three_disagreeing_matches_running_contradict_and_two_do_not() -> None:
    played = {1: 90, 2: 67, 3: 12, 4: 85, 5: 90}
    two = compared(played, {1: 90, 2: 67, 3: 12})
    three = compared(played, {1: 90, 2: 67})
    mended = compared({**played, 6: 33}, {1: 90, 2: 67, 6: 33})
    assert two is not None
    assert three is not None
    assert mended is not None
    assert (two.contradicts, three.contradicts, mended.contradicts) == (False, True, False)


def test_matches_that_only_one_side_has_figures_of_are_not_compared() -> None:
    both = known({1: {1: 90, 2: 90}, **TEAM_MATES}, {50: {1: 90}, **{c: {1: 90} for c in TEAM_MATES}})
    found = both.compare(both.played[1], 50, both.fits(both.played[1]))
    assert found is not None
    assert found.disagreed == 0


def test_only_the_current_event_of_a_fixture_counts() -> None:
    fixtures = pd.DataFrame({"event_id": [101, 102], "fixture_id": [1, 1], "is_current": [True, False]})
    appearances = pd.DataFrame(
        [(101, 1, 90, 0), (102, 1, 30, 0)], columns=["event_id", "sofasport_player_id", "minutes", "goals"]
    )
    figures = pd.DataFrame(
        [(1, 50, 90, 0, pd.Timestamp("2025-08-16T14:00Z"))],
        columns=["fixture_id", "fpl_code", "minutes", "goals", "kickoff_at"],
    )
    assert records(appearances, figures, fixtures).played == {1: {1: (90, 0)}}


RECORD = {1: 90, 2: 67, 3: 12, 4: 85, 5: 31}


def match(
    people: list[dict[str, Any]],
    players: list[dict[str, Any]],
    both: Records,
    earlier: dict[int, int] | None = None,
    said: Decisions | None = None,
) -> dict[int, dict[str, Any]]:
    """The likeliest candidate of each person."""
    candidates = match_players(
        pd.DataFrame(people),
        pd.DataFrame(players),
        TEAMS,
        pd.DataFrame(list((earlier or {}).items()), columns=["sofasport_player_id", "fpl_code"]),
        records=both,
        decisions=said,
    )
    found: dict[int, dict[str, Any]] = {}
    for row in candidates.to_dict("records"):
        found.setdefault(row["sofasport_player_id"], {str(name): value for name, value in row.items()})
    return found


def column(found: dict[int, dict[str, Any]], name: str) -> dict[int, Any]:
    """One value of each person."""
    return {number: row[name] for number, row in found.items()}


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
