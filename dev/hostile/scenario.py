"""What a scenario is: the faults of one week, and a name in words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from dev.hostile.corruption import Change, Corruption, Params

FIRST_RUN, STEADY_WEEK, SQUADS_DUE = 0, 1, 4
"""The week in which the source is wrong, counted from the first: an empty database; one week stored; the week in which
the squads, which are read every four weeks, are due again."""

ALL_OF_FPL, ALL_OF_SOFASPORT = "fpl/*", "*s/*"
"""Patterns of endpoints. In every path of SofaSport, and in none of FPL, the first part is a plural."""

FAULT_WEEKS = (FIRST_RUN, STEADY_WEEK, SQUADS_DUE)
CLEAN_WEEKS = 2


@dataclass(frozen=True)
class Fault:
    """What is done to the responses of an endpoint in the fault week."""

    endpoint: str
    """As in the archive, with * as a wildcard."""
    change: Change
    params: Params = field(default_factory=dict)
    """Only requests with these parameters."""
    times: int | None = None
    """How many responses are corrupted; None for all of the week."""

    def corruption(self) -> Corruption:
        """The same with a counter of its own."""
        return Corruption(self.endpoint, self.change, self.params, self.times)


@dataclass(frozen=True)
class Scenario:
    """A week in which the source is wrong."""

    name: str
    """In words."""
    faults: Sequence[Fault]
    kind: int = 0
    """The kind of fault (`docs/reliability.md`); 0 for a generated scenario."""
    week: int = STEADY_WEEK
    says: str = ""
    """What the sentence of the first red run must contain; "" where that does not matter."""
    stays_green: bool = False
    """Whether every run of the fault week must be green: nothing depends on what is corrupted, or a retry helps."""
    may_be_true: bool = False
    """Whether nobody could tell that the source is wrong: a match that is reissued, one new player. A green run may
    store it. It must be gone after the clean weeks."""
    takes_back: bool = False
    """Whether the source says that something stored no longer holds. A run of the fault week may remove it."""
    on_replay: bool = False
    """Whether it is also played on the replayed season."""
    seed: int | None = None
    number: int | None = None
    """Of a generated scenario."""

    @property
    def slug(self) -> str:
        """The name for the command line."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")

    def command(self, *, is_replay: bool = False) -> str:
        """The command that plays the scenario again and prints what happened."""
        if self.number is not None:
            return f"make hostile ARGS='--seed {self.seed} --scenario {self.number}'"
        return f"make hostile ARGS='{'--replay ' if is_replay else ''}--named {self.slug}'"
