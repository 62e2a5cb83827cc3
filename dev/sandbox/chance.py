"""Seeded chance: every number depends on the seed and on what it is for, never on the order of requests."""

import hashlib
import math
import random


class Chance:
    """A source of chance for one season; the same seed gives the same season in every run."""

    def __init__(self, seed: int) -> None:
        """Keep the seed."""
        self.seed = seed

    def share(self, *parts: object) -> float:
        """A number in [0, 1) that depends only on the seed and `parts`."""
        text = "/".join(map(str, (self.seed, *parts)))
        return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=6).digest(), "big") / float(1 << 48)

    def draw(self, *parts: object) -> random.Random:
        """A generator of its own for `parts`: nothing else takes numbers from it."""
        return random.Random("/".join(map(str, (self.seed, *parts))))  # noqa: S311 - a game, not a secret


def count(draw: random.Random, mean: float) -> int:
    """A count of rare things around `mean` (Poisson below 12, a rounded normal above)."""
    if mean <= 0:
        return 0
    if mean > 12:
        return max(0, round(draw.gauss(mean, mean**0.5)))
    limit, product, number = math.exp(-mean), draw.random(), 0
    while product > limit:
        product *= draw.random()
        number += 1
    return number


def part_of(draw: random.Random, whole: int, probability: float) -> int:
    """How many of `whole` things came off, each with `probability`."""
    if whole > 15:
        spread = (whole * probability * (1 - probability)) ** 0.5
        return min(whole, max(0, round(draw.gauss(whole * probability, spread))))
    return sum(draw.random() < probability for _ in range(whole))


def tidy(value: float, digits: int) -> float | int:
    """Round; a whole number becomes an int, as the real API mixes 7 and 7.1 in one field."""
    rounded = round(value, digits)
    return int(rounded) if rounded == int(rounded) else rounded
