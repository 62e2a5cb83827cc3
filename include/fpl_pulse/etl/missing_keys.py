"""Keys that vanish from the responses of a source, for example because it has renamed them.

SofaSport omits zeros, so a missing key usually means zero. It does not when (nearly) everybody who should have the key
lacks it, or when a record has a new key with nearly the same name. The figure is then unknown, never zero.

How many records usually have a key is known beforehand (`Usual`), so that the decision follows from the responses
themselves. A first run and a rebuild decide as any other run does.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from statistics import fmean
from typing import Any

from fpl_pulse.api.records import Rejected
from fpl_pulse.errors import IF_REPEATED
from fpl_pulse.etl.checking import Findings, listed
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.queries import query
from fpl_pulse.wording import quantity

MISSING = "missing key "
"""Begins the path, in `rejected_records`, of a key that vanished from a response."""

LEAST_EXPECTED = 7
"""A key is missed where at least this many records should have it. By chance none has it once in 1,000 times."""

MOST_LEFT = 0.1
"""Share of the expected records that may still have a key that vanished."""

SAME_NAME = 0.85
"""Similarity of two names, 0-1, from which one is the other in another notation: `totalPasses` and `totalPass`."""

RESEMBLING = 0.5
"""Similarity from which a new key is named as the likeliest new name."""

MOST_TOLERATED = 3
"""Responses about single players that may lack a key before the check fails."""


@dataclass(frozen=True)
class Usual:
    """What is usual for a key: which share of the records has it, 0-1, and the mean of its values."""

    share: float
    mean: float = 0.0


@dataclass(frozen=True)
class Counted:
    """The keys of some records."""

    records: list[Mapping[str, Any]]
    have: Counter[str]
    """Key -> how many records have it; a null means the same as a missing key."""

    @classmethod
    def of(cls, records: Iterable[Mapping[str, Any]]) -> "Counted":
        """Count the keys of records."""
        counted = list(records)
        return cls(counted, Counter([key for record in counted for key, value in record.items() if value is not None]))

    def __add__(self, other: "Counted") -> "Counted":
        return Counted(self.records + other.records, self.have + other.have)

    def mean(self, key: str) -> float:
        """The mean of a key's values, of those that are numbers; 0 when there are none."""
        values = [value for record in self.records if isinstance(value := record.get(key), int | float)]
        return fmean(values) if values else 0.0


def vanished(counted: Counted, usual: Mapping[str, Usual]) -> set[str]:
    """The keys that (nearly) all records lack that should have them."""
    expected = {key: one.share * len(counted.records) for key, one in usual.items()}
    return {
        key for key, count in expected.items() if count >= LEAST_EXPECTED and counted.have[key] <= MOST_LEFT * count
    }


def renamed(counted: Counted, usual: Mapping[str, Usual], familiar: Collection[str]) -> dict[str, str]:
    """Key -> its new name in another notation, where the records have such a new key and the values fit.

    Args:
        counted: the keys of the records.
        usual: the keys that are needed.
        familiar: all other keys that have been seen before.
    """
    strange = counted.have.keys() - usual.keys() - set(familiar)
    found = {}
    for key in usual:
        score, best = max(((similarity(key, one), one) for one in strange), default=(0.0, ""))
        if score >= SAME_NAME:
            found[key] = best
    return found


def likeliest_name(key: str, counted: Counted, usual: Mapping[str, Usual], familiar: Collection[str]) -> str | None:
    """The new key that resembles a vanished one most, by name and values; None when none does."""
    strange = counted.have.keys() - usual.keys() - set(familiar)
    resembling = [
        one
        for one in strange
        if similarity(key, one) >= max(RESEMBLING, *(similarity(other, one) for other in usual), 0)
    ]
    scores = {one: similarity(key, one) + _fit(usual.get(key), counted, one) / 4 for one in resembling}
    return max(scores, key=lambda one: (scores[one], one)) if scores else None


def similarity(one: str, other: str) -> float:
    """How similar two keys are, 0-1, whatever their notation: `totalPass`, `total_pass` and `TotalPasses` are."""
    mine, others = _words(one), _words(other)
    ratio = SequenceMatcher(None, "".join(mine), "".join(others), autojunk=False).ratio()
    common = len(set(mine) & set(others)) / max(len(set(mine)), len(set(others)))
    return max(ratio, common)


def _words(key: str) -> list[str]:
    """The words of a key, in lower case and in the singular."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", key)
    return [re.sub(r"(?<=ss)es$|(?<=ch)es$|(?<!s)s$", "", word.lower()) for word in words] or [key.lower()]


def _fit(usual: Usual | None, counted: Counted, key: str) -> float:
    """How well the frequency and the values of a new key fit what is usual for another one, 0-1."""
    if usual is None or not usual.mean or not counted.have[key]:
        return 0.0
    share, mean = counted.have[key] / len(counted.records), counted.mean(key)
    if mean <= 0:
        return 0.0
    return min(share, usual.share) / max(share, usual.share) * min(mean, usual.mean) / max(mean, usual.mean)


def missing_key(key: str, lacking: str, new_name: str | None, *, consequence: str = "") -> Rejected:
    """The record about a key that vanished from a response.

    Args:
        key: as in the response.
        lacking: where it is missing, for example "31 of 31 players with minutes".
        new_name: the likeliest new name.
        consequence: what became of the values, when it is not the usual.
    """
    name = f"The likeliest new name is {new_name}" if new_name else "No new key resembles it"
    kept = consequence or "stored values are kept, and new ones count as unknown"
    return Rejected(f"{MISSING}{key}", f"{key} is missing or invalid in {lacking}; {kept}. {name}", None)


def find_missing_keys(context: StepContext, findings: Findings, *endpoints: str) -> None:
    """Add a problem for each key that vanished from the newest responses of the endpoints, and a remark for new keys.

    A key that only few responses about single players lack is a remark too.
    """
    found = context.records(query("missing_keys"), season=context.season(), endpoints=list(endpoints), missing=MISSING)
    problems = []
    for row in found:
        named = f" ({listed(row['resources'], row['responses'])})" if row["resources"] else ""
        count = quantity(row["responses"], "response")
        sentence = f"{row['endpoint']} lacks the key {row['key']} in {count}{named}. Example: {row['reason']}"
        if row["is_of_player"] and row["responses"] <= MOST_TOLERATED:
            findings.remark(f"{sentence}. The next run requests them again")
        else:
            problems.append(sentence)
    if problems:
        # The remedy is the same for all of them.
        problems[-1] += f". The next run requests these responses again. {IF_REPEATED}"
        findings.problems += problems
    new = context.records(query("new_keys"), season=context.season(), endpoints=list(endpoints))
    for row in new:
        findings.remark(f"{row['endpoint']} has new keys under {row['path']}: {listed(row['keys'])}. None is needed")
