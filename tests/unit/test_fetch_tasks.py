"""How the matches or clubs of a plan are divided into fetch tasks."""

from hypothesis import given
from hypothesis import strategies as st

from fpl_pulse.etl.planning import CALLS_A_TASK, grouped


def test_a_match_with_many_calls_has_its_own_task_and_small_ones_share() -> None:
    many, few = CALLS_A_TASK, 1
    assert grouped({1: many, 2: few, 3: many, 4: few}) == [[1], [3], [2, 4]]


def test_a_shared_task_is_closed_when_it_has_enough_calls() -> None:
    calls = dict.fromkeys(range(CALLS_A_TASK + 5), 1)
    assert [len(task) for task in grouped(calls)] == [CALLS_A_TASK, 5]
    assert [unit for task in grouped(calls) for unit in task] == list(calls)


def test_without_calls_there_is_no_task() -> None:
    assert grouped({}) == []


@given(st.dictionaries(st.integers(1, 10**9), st.integers(1, 2 * CALLS_A_TASK), max_size=60))
def test_every_match_is_in_exactly_one_task_of_limited_size(calls: dict[int, int]) -> None:
    tasks = grouped(calls)
    assert sorted(unit for task in tasks for unit in task) == sorted(calls)
    assert all(len(task) == 1 or sum(calls[unit] for unit in task) < 2 * CALLS_A_TASK for task in tasks)
    assert all(sum(calls[unit] for unit in task) >= CALLS_A_TASK for task in tasks[:-1])
