"""What `make hostile` can see: wrong, lost and differing rows; and that its mutations are the same for a seed."""

from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

import pytest

from dev.hostile.changes import every, first, only, rotated, with_copy
from dev.hostile.corruption import Change, Intercepted
from dev.hostile.mutations import Mutation, field_mutation, list_mutation
from dev.hostile.payloads import drop, get, has, lists, put, records, rename
from dev.hostile.play import Result, Run
from dev.hostile.scenario import Fault, Scenario
from dev.hostile.scenarios import MODULES, NAMED
from dev.hostile.schemas import SCHEMAS, fields_of
from dev.hostile.snapshots import Row, Snapshot, Truth, differing, lost
from fpl_pulse.api.payloads_sofasport import LineupEntry

REQUEST = Intercepted("events/lineups", {"event_id": "7"}, lambda path: path, "/v1/events/lineups?event_id=7")
TABLE = "sofasport_lineup_players"


def snapshot(**rows: Row) -> Snapshot:
    return Snapshot({TABLE: str(sorted(rows.items()))}, {TABLE: rows})


def never(_: str, __: Row) -> bool:
    return False


OLD = snapshot(
    a={"passes": 7, "goals": 1, "statistics": {"totalPass": 7}}, b={"passes": 2, "goals": 0, "statistics": {}}
)
TRUE = snapshot(
    a={"passes": 9, "goals": 1, "statistics": {"totalPass": 9}}, b={"passes": 2, "goals": 0, "statistics": {}}
)


@pytest.fixture
def truth() -> Truth:
    known = Truth()
    known.add(OLD)
    known.add(TRUE)
    return known


def changed(**values: object) -> Snapshot:
    return snapshot(a={**TRUE.tables[TABLE]["a"], **values}, b=TRUE.tables[TABLE]["b"])


def test_a_zero_that_was_never_true_is_wrong(truth: Truth) -> None:
    assert list(truth.wrong(changed(passes=0), TRUE)) == [f"{TABLE} a: passes is 0, not 9"]


@pytest.mark.parametrize("passes", [None, 7])
def test_unknown_and_older_values_are_not_wrong(truth: Truth, passes: int | None) -> None:
    assert list(truth.wrong(changed(passes=passes), TRUE)) == []


def test_another_record_of_the_source_under_an_unknown_key_is_not_wrong(truth: Truth) -> None:
    assert list(truth.wrong(changed(statistics={"totalPasses": 9}), TRUE)) == []
    assert list(truth.wrong(changed(statistics={"totalPass": 1}), TRUE)) != []


def test_a_row_that_should_not_exist_is_wrong(truth: Truth) -> None:
    (sentence,) = truth.wrong(snapshot(**TRUE.tables[TABLE], c={"passes": 1}), TRUE)
    assert sentence.startswith(f"{TABLE} c: a row that should not exist")


def test_a_missing_row_and_an_unknown_value_are_lost_when_they_were_stored_and_true() -> None:
    assert next(lost(OLD, snapshot(a=TRUE.tables[TABLE]["a"]), TRUE)).startswith(f"{TABLE} b: the row is gone")
    assert list(lost(OLD, changed(goals=None), TRUE)) == [f"{TABLE} a: goals was 1 and is unknown now"]
    assert list(lost(OLD, changed(passes=None), TRUE)) == [], "the stored value was no longer true"


def test_one_differing_value_does_not_converge() -> None:
    (sentence,) = differing(changed(passes=8), TRUE, never)
    assert sentence.startswith(f"{TABLE}: 0 rows lack, 0 are surplus, 1 differ, for example a: passes is 8, not 9")
    assert list(differing(TRUE, TRUE, never)) == []
    assert list(differing(changed(passes=8), TRUE, lambda _, row: row["passes"] == 8)) == []


def test_a_scenario_that_corrupts_nothing_fails() -> None:
    green = [Run(week, "update_lineups", "success", "") for week in (1, 2, 3)]
    assert Result("name", 1, "make", green, corrupted=1).failures == []
    assert Result("name", 1, "make", green).failures == ["nothing was corrupted, so the scenario proves nothing"]


def test_a_run_that_is_red_after_two_clean_weeks_fails() -> None:
    runs = [Run(1, "update_lineups", "success", ""), Run(3, "update_lineups", "failed", "no lineups")]
    assert Result("name", 1, "make", runs, corrupted=1).failures == [
        "red after two clean weeks: update_lineups: no lineups"
    ]


def test_a_sentence_that_does_not_name_the_fault_fails() -> None:
    runs = [Run(1, "update_lineups", "failed", "540/540 min"), Run(3, "update_lineups", "success", "")]
    result = Result("name", 1, "make", runs, corrupted=1, says="goals")
    assert result.failures == ["no run says 'goals': 540/540 min"]


def test_a_red_run_fails_when_nothing_depends_on_what_is_corrupted() -> None:
    runs = [Run(1, "update_lineups", "failed", "shirtNumber"), Run(3, "update_lineups", "success", "")]
    assert Result("name", 10, "make", runs, corrupted=1).failures == []
    assert Result("name", 10, "make", runs, corrupted=1, stays_green=True).failures == [
        "red, although the run should stay green: update_lineups: shirtNumber"
    ]


def test_at_least_eighty_scenarios_have_names_of_their_own_and_cover_all_kinds() -> None:
    assert len({one.slug for one in NAMED}) == len(NAMED) >= 80
    assert {one.kind for one in NAMED} == set(range(1, 16))
    assert len(MODULES) == 15
    assert sum(one.on_replay for one in NAMED) >= 12


def test_the_command_repeats_a_scenario() -> None:
    fault = Fault("events/lineups", lambda payload, _: payload)
    assert Scenario("Two matches' lineups", [fault]).command() == "make hostile ARGS='--named two-matches-lineups'"
    assert Scenario("any", [fault], seed=7, number=123).command() == "make hostile ARGS='--seed 7 --scenario 123'"


PAYLOAD: dict[str, Any] = {
    "confirmed": True,
    "home": {"players": [{"player": {"id": 1}, "statistics": {"goals": 1}}, {"player": {"id": 2}}]},
    "away": {"players": [{"player": {"id": 3}}]},
}


def test_records_are_found_by_path() -> None:
    assert [get(one, "player.id") for one in records(PAYLOAD, "*.players")] == [1, 2, 3]
    assert len(lists(PAYLOAD, "*.players")) == 2
    assert lists([1, 2], "") == [[1, 2]]
    assert lists({"statistics": {"a": 1}}, "statistics") == [[{"a": 1}]]


def test_fields_are_edited_by_name() -> None:
    record = {"player": {"id": 1}, "goals": 2}
    for edit in (put("player.id", 5), rename("goals", "goal"), drop("nothing.there")):
        edit(record)
    assert record == {"player": {"id": 5}, "goal": 2}
    assert has(record, "player.id")
    assert not has(record, "player.name")


def test_changes_edit_the_chosen_records() -> None:
    ids = [{"id": 1}, {"id": 2}, {"id": 3}]

    def after(change: Change) -> list[int]:
        changed_ids: Any = change([{**one} for one in ids], REQUEST)
        return [one["id"] for one in changed_ids]

    assert after(every("", put("id", 9), where=lambda one: one["id"] > 1)) == [1, 9, 9]
    assert after(first("", put("id", 9))) == [9, 2, 3]
    assert after(only("", lambda rows: rows[:1])) == [1]
    assert after(rotated("", "id")) == [2, 3, 1]
    assert after(with_copy("", put("id", 9))) == [1, 2, 3, 9]


def test_the_fields_of_a_model_are_those_of_the_json() -> None:
    assert {"teamId", "player.id", "player.dateOfBirthTimestamp", "player.country.alpha3"} <= {*fields_of(LineupEntry)}


@pytest.mark.parametrize("endpoint", SCHEMAS)
@pytest.mark.parametrize("family", [field_mutation, list_mutation])
def test_a_mutation_is_the_same_for_a_seed(endpoint: str, family: Callable[[str, Random], Mutation]) -> None:
    one, other = (family(endpoint, Random(f"7/{endpoint}")) for _ in range(2))
    assert one.words == other.words
    assert one.change(deepcopy(PAYLOAD), REQUEST) == other.change(deepcopy(PAYLOAD), REQUEST)
