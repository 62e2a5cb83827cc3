"""Which pairs of an assignment are clear, and which rivals block them."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fpl_pulse.matching.assignment import Scores, clear_pairs

_WEIGHTS = st.dictionaries(st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(1, 20).map(float), max_size=9)


def _best_total(weights: Scores) -> float:
    """The best total by trying every set of pairs."""
    best = 0.0
    for size in range(1, 6):
        for chosen in combinations(weights, size):
            if len({pair[0] for pair in chosen}) == size == len({pair[1] for pair in chosen}):
                best = max(best, sum(weights[pair] for pair in chosen))
    return best


@given(_WEIGHTS, st.sampled_from([1.0, 2.0, 5.0]))
def test_a_pair_is_clear_when_it_is_the_best_of_both_sides_and_the_best_total_needs_it(
    scores: Scores, margin: float
) -> None:
    total = _best_total(scores)
    expected = {
        pair[0]: pair[1]
        for pair, score in scores.items()
        if score >= 6
        and all(score >= other for rival, other in scores.items() if rival[0] == pair[0] or rival[1] == pair[1])
        and total - _best_total({rival: other for rival, other in scores.items() if rival != pair}) >= margin
    }
    found = clear_pairs(scores, link=6, floor=0, margin=margin)
    assert found == expected
    assert len(set(found.values())) == len(found)


def _clear(scores: Scores) -> dict[int, int]:
    return clear_pairs(scores, link=0.8, floor=0.5, margin=0.1)


def test_a_pair_without_rivals_is_chosen() -> None:
    assert _clear({(1, 10): 0.8}) == {1: 10}


def test_a_pair_below_the_threshold_is_not_chosen() -> None:
    assert _clear({(1, 10): 0.79}) == {}


@pytest.mark.parametrize("rival", [(1, 11), (2, 10)])
def test_a_close_rival_on_either_side_blocks_the_pair(rival: tuple[int, int]) -> None:
    assert _clear({(1, 10): 0.95, rival: 0.86}) == {}
    assert _clear({(1, 10): 0.95, rival: 0.85}) == {1: 10}


def test_two_equal_rivals_block_each_other() -> None:
    assert _clear({(1, 10): 0.95, (2, 10): 0.95}) == {}


def test_a_rival_that_certainly_belongs_to_another_pair_blocks_nothing() -> None:
    scores = {(1, 10): 0.9, (1, 11): 0.85, (2, 11): 1.0}
    assert _clear(scores) == {1: 10, 2: 11}
    assert _clear({pair: score for pair, score in scores.items() if pair != (2, 11)}) == {}


def test_a_person_whose_best_player_is_taken_is_not_linked_to_the_second_best() -> None:
    assert _clear({(1, 10): 1.0, (2, 10): 0.95, (2, 11): 0.9}) == {1: 10}


def test_a_pair_outside_the_optimal_assignment_is_not_linked() -> None:
    assert _clear({(1, 10): 0.9, (1, 11): 0.85, (2, 10): 0.85}) == {}
