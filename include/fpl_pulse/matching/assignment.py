"""One-to-one pairs from scores: an exact optimal assignment, and the margin a pair must keep."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping

Scores = Mapping[tuple[int, int], float]


def clear_pairs(
    scores: Scores,
    *,
    link: float,
    floor: float,
    margin: float,
    taken_left: Collection[int] = (),
    taken_right: Collection[int] = (),
) -> dict[int, int]:
    """Return left -> right for the pairs beyond doubt.

    Such a pair belongs to the optimal assignment, scores at least ``link``, and beats every other pair of
    its left and of its right side by ``margin`` or more. Pairs below ``floor`` are no rivals. A pair with a
    taken side is not chosen but remains a rival: whoever is most like a taken player must not slip to the
    next one, and linking twice gives what linking once gave. Scores may pass 1, so that rivals near
    certainty can still be told apart. The order of ``scores`` does not matter.
    """
    kept = {pair: score for pair, score in scores.items() if score >= floor}
    by_left: dict[int, list[float]] = defaultdict(list)
    by_right: dict[int, list[float]] = defaultdict(list)
    for (left, right), score in kept.items():
        by_left[left].append(score)
        by_right[right].append(score)
    chosen: dict[int, int] = {}
    weights = {
        pair: _log_odds(score) - _log_odds(floor)
        for pair, score in kept.items()
        if pair[0] not in taken_left and pair[1] not in taken_right
    }
    for left, right in optimal_pairs(weights):
        score = kept[left, right]
        rivals = _without(by_left[left], score) + _without(by_right[right], score)
        # The tiny allowance keeps 0.95 - 0.85 from failing a margin of 0.10 by rounding.
        if score >= link and all(score - rival >= margin - 1e-9 for rival in rivals):
            chosen[left] = right
    return chosen


def optimal_pairs(weights: Scores) -> list[tuple[int, int]]:
    """Return the pairs, each side used at most once, whose weights (>= 0) add up to the most; sorted."""
    pairs: list[tuple[int, int]] = []
    for component in _components(weights):
        lefts = sorted({left for left, _ in component})
        rights = sorted({right for _, right in component})
        rows, columns = (lefts, rights) if len(lefts) <= len(rights) else (rights, lefts)
        turned = rows is rights
        cost = [[-weights.get((c, r) if turned else (r, c), 0.0) for c in columns] for r in rows]
        for row, column in enumerate(_cheapest(cost)):
            pair = (columns[column], rows[row]) if turned else (rows[row], columns[column])
            if pair in weights:
                pairs.append(pair)
    return sorted(pairs)


def _log_odds(score: float) -> float:
    # Sums of log odds, not of scores: two middling pairs must not outweigh one near-certain pair.
    inside = min(max(score, 0.001), 0.999)
    return math.log(inside / (1 - inside)) + max(score - 0.999, 0.0)


def _without(scores: list[float], one: float) -> list[float]:
    rest = list(scores)
    rest.remove(one)
    return rest


def _components(weights: Scores) -> list[list[tuple[int, int]]]:
    """Split the pairs into groups that share no left and no right side."""
    neighbours: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for pair in sorted(weights):
        neighbours["left", pair[0]].append(pair)
        neighbours["right", pair[1]].append(pair)
    seen: set[tuple[int, int]] = set()
    groups: list[list[tuple[int, int]]] = []
    for start in sorted(weights):
        if start in seen:
            continue
        seen.add(start)
        group = [start]
        for pair in group:  # the group grows while it is walked
            for near in neighbours["left", pair[0]] + neighbours["right", pair[1]]:
                if near not in seen:
                    seen.add(near)
                    group.append(near)
        groups.append(sorted(group))
    return groups


def _cheapest(cost: list[list[float]]) -> list[int]:
    """Return each row's column of the cheapest assignment; needs no more rows than columns.

    The Hungarian method with potentials, one shortest augmenting path a row: O(rows^2 * columns).
    """
    width = len(cost[0])
    row_potential = [0.0] * (len(cost) + 1)
    potential = [0.0] * (width + 1)
    owner = [0] * (width + 1)  # row (from 1) that holds a column (from 1); column 0 stands for "none yet"
    for row in range(1, len(cost) + 1):
        owner[0] = row
        at, came_from = _shortest_path(cost, owner, row_potential, potential)
        while at:
            owner[at], at = owner[came_from[at]], came_from[at]
    columns = [0] * len(cost)
    for column in range(1, width + 1):
        if owner[column]:
            columns[owner[column] - 1] = column - 1
    return columns


def _shortest_path(
    cost: list[list[float]], owner: list[int], row_potential: list[float], potential: list[float]
) -> tuple[int, list[int]]:
    """Return the free column nearest to the row in ``owner[0]``, and each column's predecessor on the way."""
    width = len(potential) - 1
    slack, came_from, done = [math.inf] * (width + 1), [0] * (width + 1), [False] * (width + 1)
    at = 0
    while owner[at]:
        done[at] = True
        here, open_columns = owner[at], [column for column in range(1, width + 1) if not done[column]]
        for column in open_columns:
            reduced = cost[here - 1][column - 1] - row_potential[here] - potential[column]
            if reduced < slack[column]:
                slack[column], came_from[column] = reduced, at
        at = min(open_columns, key=slack.__getitem__)
        step = slack[at]
        for column in range(width + 1):
            if done[column]:
                row_potential[owner[column]] += step
                potential[column] -= step
            else:
                slack[column] -= step
    return at, came_from
