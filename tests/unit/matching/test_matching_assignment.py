"""The optimal assignment and the margin over rivals."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fpl_pulse.matching.assignment import Scores, clear_pairs, optimal_pairs

_WEIGHTS = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(1, 20).map(float), max_size=9
)


def _best_total(weights: Scores) -> float:
    """The best total by trying every set of pairs."""
    best = 0.0
    for size in range(1, 6):
        for chosen in combinations(weights, size):
            if len({pair[0] for pair in chosen}) == size == len({pair[1] for pair in chosen}):
                best = max(best, sum(weights[pair] for pair in chosen))
    return best


@given(_WEIGHTS)
def test_the_assignment_is_one_to_one_and_the_best_there_is(weights: Scores) -> None:
    pairs = optimal_pairs(weights)
    assert len({left for left, _ in pairs}) == len(pairs) == len({right for _, right in pairs})
    assert sum(weights[pair] for pair in pairs) == pytest.approx(_best_total(weights))


def _clear(scores: Scores) -> dict[int, int]:
    return clear_pairs(scores, link=0.8, floor=0.5, margin=0.1)


def test_a_pair_without_rivals_is_chosen() -> None:
    assert _clear({(1, 10): 0.8}) == {1: 10}


def test_a_pair_below_the_threshold_is_not_chosen() -> None:
    assert _clear({(1, 10): 0.79}) == {}


@pytest.mark.parametrize("rival", [(1, 11), (2, 10)])
def test_a_close_rival_on_either_side_stops_the_pair(rival: tuple[int, int]) -> None:
    assert _clear({(1, 10): 0.95, rival: 0.86}) == {}
    assert _clear({(1, 10): 0.95, rival: 0.85}) == {1: 10}


def test_two_equal_rivals_stop_each_other() -> None:
    assert _clear({(1, 10): 0.95, (2, 10): 0.95}) == {}


def test_a_rival_whom_another_pair_certainly_holds_does_no_harm() -> None:
    scores = {(1, 10): 0.9, (1, 11): 0.85, (2, 11): 1.0}
    assert _clear(scores) == {1: 10, 2: 11}
    assert _clear({pair: score for pair, score in scores.items() if pair != (2, 11)}) == {}


def test_whoever_is_most_like_anothers_player_does_not_slip_to_the_next() -> None:
    assert _clear({(1, 10): 1.0, (2, 10): 0.95, (2, 11): 0.9}) == {1: 10}


def test_where_the_whole_is_better_without_a_pair_nobody_is_linked() -> None:
    assert _clear({(1, 10): 0.9, (1, 11): 0.85, (2, 10): 0.85}) == {}
