"""A player whose SofaSport id was replaced: the old id is gone, and the new one is linked to him at once."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from fpl_pulse.matching.manual_decisions import ManualDecisions
from fpl_pulse.matching.rows import PersonRow
from tests.unit.matching.playing import BORN, KICK_OFF, TEAM_MATES, Played, codes, match, records_of, statuses
from tests.unit.matching.test_matching_players import match as match_by_name
from tests.unit.matching.test_matching_players import person, player

OLD, NEW, CODE = 1, 2, 50
BEFORE: Played = {1: 90, 2: 90, 3: 71}
LISTED = KICK_OFF
"""The squad was read before the first matchday."""


def day(matchday: int) -> dt.datetime:
    return KICK_OFF + dt.timedelta(weeks=matchday)


def named(number: int, name: str, days: list[int], **other: Any) -> PersonRow:  # noqa: ANN401 - columns of the row
    """A person whom the lineups of these matchdays name."""
    seen = {
        "event_ids": [100 + one for one in days],
        "first_named_at": day(min(days)) if days else None,
        "last_named_at": day(max(days)) if days else None,
        "observed_at": day(min(days)) + dt.timedelta(days=3) if days else None,
    }
    return replace(person(number, name), **(seen | other))


def replaced(name: str = "Bruno Costa", **new: Any) -> list[PersonRow]:  # noqa: ANN401 - columns of the row
    """Bruno Costa until matchday 3, and the newcomer of matchday 4."""
    return [named(OLD, "Bruno Costa", [1, 2, 3], listed_at=LISTED), named(NEW, name, [4], **new)]


def links(
    people: list[PersonRow],
    new: Played,
    fpl: Played | None = None,
    earlier: dict[int, int] | None = None,
    decisions: ManualDecisions | None = None,
) -> dict[int, str]:
    both = records_of(
        {OLD: BEFORE, NEW: new, **TEAM_MATES}, {CODE: BEFORE | (new if fpl is None else fpl), **TEAM_MATES}
    )
    found = match(people, [player(CODE, "Bruno Costa")], both, {OLD: CODE} if earlier is None else earlier, decisions)
    assert {code for number, code in codes(found).items() if statuses(found)[number] == "linked"} <= {CODE}
    return statuses(found)


BOTH = {OLD: "linked", NEW: "linked"}
ONLY_OLD = {OLD: "linked", NEW: "review"}
ONLY_OLD_AND_NO_REVIEW = {OLD: "linked", NEW: "no_counterpart"}


@pytest.mark.parametrize("earlier", [{}, {OLD: CODE}])
@pytest.mark.parametrize("born", [BORN, None])
@pytest.mark.parametrize("name", ["Bruno Costa", "Bruno Kosta", "Bruno Miguel Costa", "B. Costa", "Costa"])
def test_one_match_links_the_new_id(name: str, born: dt.date | None, earlier: dict[int, int]) -> None:
    assert links(replaced(name, birth_date=born), {4: 85}, earlier=earlier) == BOTH


def test_the_links_are_kept_when_later_matches_are_wrong_at_fpl() -> None:
    people = [named(OLD, "Bruno Costa", [1, 2, 3], listed_at=LISTED), named(NEW, "Bruno Kosta", [4, 5, 6, 7])]
    new = {4: 85, 5: 90, 6: 12, 7: 90}
    assert links(people, new, new | {5: 0}, {OLD: CODE, NEW: CODE}) == BOTH


def test_the_old_id_in_the_same_lineup_is_another_person() -> None:
    people = replaced(birth_date=None)
    people[0] = replace(people[0], event_ids=[101, 102, 103, 104], last_named_at=day(4))
    assert links(people, {4: 85}) == ONLY_OLD


def test_an_old_id_that_is_named_later_is_another_person() -> None:
    people = replaced(birth_date=None)
    people[0] = replace(people[0], last_named_at=day(5))
    assert links(people, {4: 85}) == ONLY_OLD


def test_the_new_id_in_corrected_lineups_of_matches_before_the_squad_is_linked() -> None:
    """A squad lists the old id after matchday 4. The lineups with the new id are served later."""
    people = replaced(observed_at=day(6), birth_date=None)
    people[0] = replace(people[0], listed_at=day(5))
    assert links(people, {4: 85}) == BOTH


def test_an_old_id_that_a_later_squad_lists_is_another_person() -> None:
    people = replaced(birth_date=None)
    people[0] = replace(people[0], listed_at=day(5))
    assert links(people, {4: 85}) == ONLY_OLD


@pytest.mark.parametrize("fpl", [{}, {4: 20}])
@pytest.mark.parametrize("born", [None, dt.date(1999, 1, 1)])
def test_a_namesake_with_other_minutes_is_another_person(born: dt.date | None, fpl: Played) -> None:
    assert links(replaced(birth_date=born), {4: 85}, fpl)[NEW] != "linked"


def test_a_namesake_with_another_birth_date_is_another_person_whatever_he_plays() -> None:
    assert links(replaced(birth_date=dt.date(1999, 1, 1)), {4: 85})[NEW] != "linked"


def test_a_twin_who_plays_while_the_player_is_out_is_another_person() -> None:
    assert links(replaced("Tyler Costa"), {4: 85}, {})[NEW] != "linked"


def test_a_twin_whose_minutes_are_the_players_is_not_linked_at_once() -> None:
    assert links(replaced("Tyler Costa"), {4: 85})[NEW] != "linked"


def test_a_goalkeeper_does_not_replace_a_midfielder() -> None:
    assert links(replaced(position="G", birth_date=None), {4: 85})[NEW] != "linked"


def test_a_newcomer_of_another_club_is_another_person() -> None:
    assert links(replaced(team_ids=[200], birth_date=None), {4: 85})[NEW] != "linked"


def test_two_newcomers_who_fit_are_in_review() -> None:
    people = [*replaced("Bruno Kosta"), named(3, "Bruno Costa", [5], birth_date=None)]
    both = records_of(
        {OLD: BEFORE, NEW: {4: 85}, 3: {5: 31}, **TEAM_MATES}, {CODE: BEFORE | {4: 85, 5: 31}, **TEAM_MATES}
    )
    found = statuses(match(people, [player(CODE, "Bruno Costa")], both, {OLD: CODE}))
    assert (found[OLD], found[NEW], found[3]) == ("linked", "review", "review")


def test_a_new_id_that_is_replaced_again_is_linked() -> None:
    people = [*replaced("Bruno Kosta"), named(3, "Bruno Costa", [5], birth_date=None)]
    both = records_of(
        {OLD: BEFORE, NEW: {4: 85}, 3: {5: 31}, **TEAM_MATES}, {CODE: BEFORE | {4: 85, 5: 31}, **TEAM_MATES}
    )
    found = statuses(match(people, [player(CODE, "Bruno Costa")], both, {OLD: CODE, NEW: CODE}))
    assert set(found.values()) == {"linked"}


@pytest.mark.parametrize(
    ("new", "status"),
    [
        ({}, "linked"),
        ({"birth_date": None}, "review"),
        ({"birth_date": None, "shirt_numbers": [8]}, "linked"),
        ({"birth_date": None, "shirt_numbers": [9]}, "review"),
    ],
)
def test_a_new_id_on_the_bench_has_the_birth_date_or_the_shirt_of_the_old_one(new: dict[str, Any], status: str) -> None:
    people = replaced(**new)
    people[0] = replace(people[0], shirt_numbers=[8])
    assert links(people, {})[NEW] == status


def test_the_new_id_in_a_squad_that_lacks_the_old_one_is_linked() -> None:
    people = [named(OLD, "Bruno Costa", [1, 2, 3]), named(NEW, "Bruno Kosta", [], listed_at=day(4))]
    assert links(people, {}) == BOTH


def test_both_ids_in_one_squad_are_in_review() -> None:
    people = [named(OLD, "Bruno Costa", [1, 2, 3], listed_at=day(4)), named(NEW, "Bruno Costa", [], listed_at=day(4))]
    assert links(people, {}) == ONLY_OLD


def test_three_matches_link_a_new_id_although_a_squad_still_lists_the_old_one() -> None:
    new = {4: 85, 5: 90, 6: 12}
    people = [named(OLD, "Bruno Costa", [1, 2, 3], listed_at=day(9)), named(NEW, "Bruno Kosta", [4, 5, 6])]
    assert links(people, new) == BOTH


@pytest.mark.parametrize("earlier", [{OLD: CODE, NEW: CODE}, {OLD: CODE}])
def test_one_lineup_with_both_ids_ends_no_link(earlier: dict[int, int]) -> None:
    new = {4: 85, 5: 90, 6: 12, 7: 90}
    people = [named(OLD, "Bruno Costa", [1, 2, 3, 5]), named(NEW, "Bruno Kosta", [4, 5, 6, 7], birth_date=None)]
    both = records_of({OLD: BEFORE, NEW: new, **TEAM_MATES}, {CODE: BEFORE | new, **TEAM_MATES})
    lost = {} if NEW in earlier else {NEW: CODE}
    found = match(people, [player(CODE, "Bruno Costa")], both, earlier, lost=lost)
    assert statuses(found) == BOTH


def test_a_rejected_new_id_is_not_linked() -> None:
    decisions = ManualDecisions({}, frozenset({(NEW, CODE)}), {(NEW, CODE): "rejected by Ann"})
    assert links(replaced(), {4: 85}, decisions=decisions)[NEW] == "no_counterpart"


def test_ids_that_two_players_exchange_are_linked_to_no_other_player() -> None:
    """From matchday 4 on, each id names the other player. Neither id is gone."""
    other = {1: 12, 2: 45, 3: 90}
    later, others_later = {4: 85, 5: 31, 6: 77}, {4: 22, 5: 60, 6: 90}
    both = records_of(
        {OLD: BEFORE | others_later, NEW: other | later, **TEAM_MATES},
        {CODE: BEFORE | later, 51: other | others_later, **TEAM_MATES},
    )
    people = [named(OLD, "Bruno Costa", [*range(1, 7)]), named(NEW, "Igor Petrenko", [*range(1, 7)], birth_date=None)]
    players = [player(CODE, "Bruno Costa"), player(51, "Igor Petrenko", None)]
    found = match(people, players, both, {OLD: CODE, NEW: 51})
    assert set(statuses(found).values()) == {"review"}
    assert all(row.evidence.startswith("linked until now, contradicted") for row in found.values())


def summer(new: PersonRow, **more: Any) -> dict[int, int]:  # noqa: ANN401 - what match_players takes
    """The links before the first match of a season, whose squads do not list the old id."""
    absent = more.pop("absent", [person(OLD, "Bruno Costa", team_ids=[])])
    found, _ = match_by_name([new], [player(CODE, "Bruno Costa")], {OLD: CODE}, absent=absent, **more)
    return found


def test_in_summer_a_newcomer_is_linked_when_the_old_id_is_gone() -> None:
    assert summer(person(NEW, "Bruno Costa", listed_at=day(0))) == {OLD: CODE, NEW: CODE}
    assert summer(person(NEW, "Bruno Costa", None, listed_at=day(0))) == {OLD: CODE, NEW: CODE}
    assert summer(person(NEW, "Bruno Kosta", listed_at=day(0))) == {OLD: CODE, NEW: CODE}


@pytest.mark.parametrize(
    ("new", "more"),
    [
        ({"team_ids": [200]}, {}),
        ({"name": "Tyler Costa"}, {}),
        ({"birth_date": dt.date(1999, 1, 1)}, {}),
        ({}, {"seen_last_season": [NEW]}),
        ({}, {"absent": [person(OLD, "Bruno Costa", dt.date(1999, 1, 1))]}),
    ],
)
def test_in_summer_nobody_else_is_linked(new: dict[str, Any], more: dict[str, Any]) -> None:
    newcomer = replace(person(NEW, "Bruno Costa", listed_at=day(0)), **new)
    assert summer(newcomer, **more) == {OLD: CODE}
