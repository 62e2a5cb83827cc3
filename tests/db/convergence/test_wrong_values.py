"""Values of a wrong type in a week: two clean weeks later the tables are those of one that never saw them."""

from dev.hostile.corruption import Corruption, Intercepted, Payload
from dev.hostile.weeks import Installation, differences
from dev.pipelines import Pipelines
from tests.db.convergence.conftest import CLEAN_WEEKS, FAULT_WEEK


def play(loaded: Pipelines, *corruptions: Corruption) -> None:
    installation = Installation.of(loaded)
    outcomes = installation.week(FAULT_WEEK, corruptions)
    for dag_id, outcome in outcomes.items():
        print(dag_id, outcome.state, outcome.sentence)
    assert all(one.corrupted for one in corruptions)
    for monday in CLEAN_WEEKS:
        outcomes = installation.week(monday)
        for dag_id, outcome in outcomes.items():
            print(dag_id, outcome.state, outcome.sentence)


def as_text(payload: Payload, _: Intercepted) -> Payload:
    payload["home"]["formation"] = 5
    return payload


def test_a_formation_that_is_no_text(loaded: Pipelines, never_saw_the_fault: Pipelines) -> None:
    play(loaded, Corruption("events/lineups", as_text))
    assert [str(one) for one in differences(loaded, never_saw_the_fault)] == []
