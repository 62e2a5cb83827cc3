"""One-to-one pairs from scores: the optimal assignment, and what it loses without each of its pairs."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

Scores = Mapping[tuple[int, int], float]

_ROUNDING = 1e-9
"""Tolerance of the margin: in floating point 0.95 - 0.85 is less than 0.10."""


def clear_pairs(scores: Scores, *, link: float, floor: float, margin: float) -> dict[int, int]:
    """Return left -> right for the pairs beyond doubt; the order of ``scores`` does not matter.

    Such a pair scores at least ``link``, has the best score of both its sides, and belongs to the optimal assignment,
    which without it would lose ``margin`` or more. Because of the last condition two equal rivals block each other,
    but a rival that certainly belongs to another pair does not. Pairs at ``floor`` or below are no rivals.

    Args:
        scores: (left, right) -> score of the candidate pairs.
        link: the lowest score that links.
        floor: the score at which a pair is worth no more than no pair.
        margin: the smallest loss of the optimal assignment without the pair.
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


def _optimum(weights: Scores) -> tuple[float, list[tuple[int, int]]]:
    """Return the greatest sum of weights with each side used at most once, and the pairs of that sum."""
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - slow, and DAG files import this module

    if not weights:
        return 0.0, []
    lefts = sorted({left for left, _ in weights})
    rights = sorted({right for _, right in weights})
    table = [[weights.get((left, right), 0.0) for right in rights] for left in lefts]
    rows, columns = linear_sum_assignment(table, maximize=True)
    pairs = [(lefts[i], rights[j]) for i, j in zip(rows, columns, strict=True)]
    chosen = [pair for pair in pairs if pair in weights]
    return sum(weights[pair] for pair in chosen), chosen


def _components(weights: Scores) -> Iterator[dict[tuple[int, int], float]]:
    """Split the pairs into groups that share no left and no right side."""
    from scipy.sparse import coo_array  # noqa: PLC0415 - as above
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    pairs = sorted(weights)
    if not pairs:
        return
    nodes = sorted({(0, left) for left, _ in pairs} | {(1, right) for _, right in pairs})
    index = {node: number for number, node in enumerate(nodes)}
    ends = [index[0, left] for left, _ in pairs], [index[1, right] for _, right in pairs]
    links = coo_array(([1] * len(pairs), ends), shape=(len(nodes), len(nodes)))
    count, component = connected_components(links, directed=False)
    groups: list[dict[tuple[int, int], float]] = [{} for _ in range(count)]
    for pair in pairs:
        groups[component[index[0, pair[0]]]][pair] = weights[pair]
    yield from groups
