"""One-to-one pairs from scores: the optimal assignment, and what each of its pairs is worth to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Scores = Mapping[tuple[int, int], float]

_ROUNDING = 1e-9
"""Keeps 0.95 - 0.85 from failing a margin of 0.10."""


def clear_pairs(scores: Scores, *, link: float, floor: float, margin: float) -> dict[int, int]:
    """Return left -> right for the pairs beyond doubt; the order of ``scores`` does not matter.

    Such a pair belongs to the optimal assignment, scores at least ``link``, is the best of both its sides, and the
    best assignment without it would be worth less by ``margin`` or more. That last condition lets a rival whom
    another pair certainly holds do no harm, while two equal rivals stop each other. Pairs at ``floor`` or below are
    no rivals.

    Args:
        scores: (left, right) -> score; only pairs worth a look.
        link: the least score that links.
        floor: what a pair is worth that nobody would choose.
        margin: the least loss without the pair.
    """
    weights = {pair: score - floor for pair, score in scores.items() if score > floor}
    best: dict[tuple[str, int], float] = defaultdict(lambda: float("-inf"))
    for (left, right), score in scores.items():
        best["left", left] = max(best["left", left], score)
        best["right", right] = max(best["right", right], score)
    clear: dict[int, int] = {}
    for component in _components(weights):
        total, chosen = _optimum(component)
        for pair in chosen:
            score = scores[pair]
            if score < link or score < best["left", pair[0]] or score < best["right", pair[1]]:
                continue
            without, _ = _optimum({other: weight for other, weight in component.items() if other != pair})
            if total - without >= margin - _ROUNDING:
                clear[pair[0]] = pair[1]
    return clear


def optimal_pairs(weights: Scores) -> list[tuple[int, int]]:
    """Return the pairs, each side used at most once, whose weights (>= 0) add up to the most; sorted."""
    return sorted(pair for component in _components(weights) for pair in _optimum(component)[1])


def _optimum(weights: Scores) -> tuple[float, list[tuple[int, int]]]:
    """Return the greatest sum of weights with each side used at most once, and the pairs that make it."""
    lefts = sorted({left for left, _ in weights})
    rights = sorted({right for _, right in weights})
    row = {left: place for place, left in enumerate(lefts)}
    column = {right: place for place, right in enumerate(rights)}
    table = np.zeros((len(lefts), len(rights)))
    for (left, right), weight in weights.items():
        table[row[left], column[right]] = weight
    rows, columns = linear_sum_assignment(table, maximize=True)
    pairs = [(lefts[i], rights[j]) for i, j in zip(rows, columns, strict=True)]
    chosen = [pair for pair in pairs if pair in weights]
    return sum(weights[pair] for pair in chosen), chosen


def _components(weights: Scores) -> Iterator[dict[tuple[int, int], float]]:
    """Split the pairs into groups that share no left and no right side."""
    pairs = sorted(weights)
    if not pairs:
        return
    lefts, left_of = np.unique([left for left, _ in pairs], return_inverse=True)
    rights, right_of = np.unique([right for _, right in pairs], return_inverse=True)
    size = len(lefts) + len(rights)
    links = coo_array((np.ones(len(pairs)), (left_of, len(lefts) + right_of)), shape=(size, size))
    count, label = connected_components(links, directed=False)
    groups: list[dict[tuple[int, int], float]] = [{} for _ in range(count)]
    for pair, place in zip(pairs, left_of, strict=True):
        groups[label[place]][pair] = weights[pair]
    yield from groups
