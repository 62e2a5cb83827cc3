"""Seeded random numbers. Each depends on the seed and its purpose, never on the order of requests."""

import hashlib
import math
import random


class SeededRandom:
    """The random numbers of one season. The same seed gives the same season in every run."""

    def __init__(self, seed: int) -> None:
        """Keep the seed."""
        self.seed = seed

    def fraction(self, *parts: object) -> float:
        """A number in [0, 1) that depends only on the seed and `parts`."""
        text = "/".join(map(str, (self.seed, *parts)))
        return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=6).digest(), "big") / float(1 << 48)

    def generator(self, *parts: object) -> random.Random:
        """A random generator that depends only on the seed and `parts`."""
        return random.Random("/".join(map(str, (self.seed, *parts))))  # noqa: S311 - not used for secrets


def poisson(rng: random.Random, mean: float) -> int:
    """A random count with this mean: Poisson up to a mean of 12, above it a rounded normal distribution."""
    if mean <= 0:
        return 0
    if mean > 12:
        return max(0, round(rng.gauss(mean, mean**0.5)))
    limit, product, number = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        number += 1
    return number


def count_successes(rng: random.Random, whole: int, probability: float) -> int:
    """The number of successes in `whole` attempts that each succeed with `probability`."""
    if whole > 15:
        spread = (whole * probability * (1 - probability)) ** 0.5
        return min(whole, max(0, round(rng.gauss(whole * probability, spread))))
    return sum(rng.random() < probability for _ in range(whole))


def rounded(value: float, digits: int) -> float | int:
    """Round. A whole number becomes an int, because the real API mixes 7 and 7.1 in one field."""
    rounded = round(value, digits)
    return int(rounded) if rounded == int(rounded) else rounded
