"""Plays one scenario: the fault week and two clean weeks, beside the clean installation."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from dev.hostile.corruption import Corruption
from dev.hostile.scenario import CLEAN_WEEKS, Fault, Scenario
from dev.hostile.snapshots import differing, lost
from dev.hostile.timeline import Timeline
from dev.hostile.weeks import Installation
from dev.sandbox.scenario import resource_of
from fpl_pulse.week import PIPELINES

LETTERS = {"success": "g", "failed": "R", "not started": "-"}
KEPT = 5
"""How many examples of wrong or lost rows a result keeps."""


@dataclass
class Run:
    """A run of the fault week or of a clean week."""

    week: int
    dag_id: str
    state: str
    sentence: str
    wrong: int = 0
    """Values stored after the run that were never true."""


@dataclass
class Result:
    """What happened in a scenario."""

    name: str
    kind: int
    command: str
    runs: list[Run] = field(default_factory=list)
    corrupted: int = 0
    """Responses that were changed."""
    wrong: list[str] = field(default_factory=list)
    """Wrong values in the tables after a green run of the fault week: examples."""
    lost: list[str] = field(default_factory=list)
    """What was stored before, is true, and was gone or unknown after a run of the fault week: examples."""
    differing: list[str] = field(default_factory=list)
    """Tables that differ from the clean installation's after the clean weeks."""
    says: str = ""
    """What the sentence of the first red run must contain."""
    stays_green: bool = False
    """Whether every run of the fault week must be green."""
    mistake: str = ""
    """Why the scenario itself could not be played."""
    seconds: float = 0.0

    @property
    def colors(self) -> str:
        """The runs by week: g green, R red, - not started, . not played."""
        by_run = {(run.week, run.dag_id): LETTERS[run.state] for run in self.runs}
        weeks = sorted({run.week for run in self.runs})
        return " ".join("".join(by_run.get((week, dag_id), ".") for dag_id in PIPELINES) for week in weeks)

    @property
    def sentence(self) -> str:
        """What the first red run says."""
        return next((run.sentence for run in self.runs if run.state == "failed"), "")

    @property
    def still_red(self) -> list[str]:
        """The pipelines that are not green in the second clean week."""
        last = max((run.week for run in self.runs), default=0)
        return [f"{run.dag_id}: {run.sentence}" for run in self.runs if run.week == last and run.state != "success"]

    @property
    def failures(self) -> list[str]:
        """Why the scenario failed, in words; empty when the product withstood it."""
        found = [f"the scenario is mistaken: {self.mistake}"] if self.mistake else []
        if not self.mistake and not self.corrupted:
            found.append("nothing was corrupted, so the scenario proves nothing")
        if self.says and self.says not in self.sentence:
            found.append(f"no run says {self.says!r}: {self.sentence or 'no run of the fault week is red'}")
        if self.stays_green and (red := [run for run in self.runs if run.state == "failed"]):
            found.append(f"red, although the run should stay green: {red[0].dag_id}: {red[0].sentence}")
        found += [f"wrong data in a green run: {self.wrong[0]}"] if self.wrong else []
        found += [f"right data was lost: {self.lost[0]}"] if self.lost else []
        found += [f"does not converge: {one}" for one in self.differing]
        found += [f"red after two clean weeks: {one}" for one in self.still_red[:1]]
        return found

    def as_json(self) -> dict[str, Any]:
        """The result with what follows from it."""
        return {**asdict(self), "colors": self.colors, "sentence": self.sentence, "failures": self.failures}


def play(scenario: Scenario, timeline: Timeline) -> Result:
    """Play a scenario on a copy of the clean installation's database."""
    started = time.monotonic()
    result = Result(
        scenario.name,
        scenario.kind,
        scenario.command(is_replay=timeline.is_replay),
        says=scenario.says,
        stays_green=scenario.stays_green,
    )
    corruptions = [fault.corruption() for fault in scenario.faults]
    try:
        first = _first_pipeline(scenario, timeline)
        with _copy(timeline, scenario.week, first) as installation:
            earlier: set[str] = set()
            for run, wrong, gone in _play_fault_week(scenario, first, installation, corruptions, timeline):
                result.runs.append(run)
                # What an earlier run has stored is not this run's: that one had to be red.
                new = [one for one in wrong if one not in earlier]
                earlier |= {*wrong}
                if run.state == "success" and not scenario.may_be_true:
                    result.wrong = result.wrong or [f"after {run.dag_id}, {one}" for one in new[:KEPT]]
                if not scenario.takes_back:
                    result.lost = result.lost or gone[:KEPT]
            for week in range(scenario.week + 1, scenario.week + CLEAN_WEEKS + 1):
                for dag_id, outcome in installation.runs(timeline.monday(week)):
                    result.runs.append(Run(week, dag_id, outcome.state, outcome.sentence))
            last = scenario.week + CLEAN_WEEKS
            now, clean = timeline.snapshots.take(installation.pipelines.conn), timeline.after[last, PIPELINES[-1]]
            result.differing = list(differing(now, clean, partial(timeline.was_served, scenario.week)))
    except Exception as error:  # noqa: BLE001 - the other scenarios go on
        result.mistake = f"{type(error).__name__}: {error}"
    result.corrupted = sum(one.corrupted for one in corruptions)
    for one in corruptions:
        if one.error is not None:
            result.mistake = f"{type(one.error).__name__}: {one.error}"
    result.seconds = round(time.monotonic() - started, 2)
    return result


def _play_fault_week(
    scenario: Scenario, first: str, installation: Installation, corruptions: Sequence[Corruption], timeline: Timeline
) -> Iterator[tuple[Run, list[str], list[str]]]:
    """Play the fault week; yield each run with the wrong and the lost rows that it leaves, in words."""
    week = scenario.week
    before = timeline.before(week, first)
    for dag_id, outcome in installation.runs(timeline.monday(week), corruptions, PIPELINES[PIPELINES.index(first) :]):
        now, clean = timeline.snapshots.take(installation.pipelines.conn), timeline.after[week, dag_id]
        wrong = list(timeline.truth.wrong(now, clean))
        gone = [f"after {dag_id}, {one}" for one in lost(before, now, clean)]
        yield Run(week, dag_id, outcome.state, outcome.sentence, len(wrong)), wrong, gone


def is_of(fault: Fault, path: str) -> bool:
    """Whether a fault applies to the request of a path with its query string."""
    address = urlsplit(path)
    endpoint, params = resource_of(address.path, dict(parse_qsl(address.query)))
    return fnmatchcase(endpoint, fault.endpoint) and all(
        params.get(name) == fault.params[name] for name in fault.params
    )


def _first_pipeline(scenario: Scenario, timeline: Timeline) -> str:
    """The first pipeline of the fault week that requests what is corrupted. The runs before it are clean.

    Raises:
        ValueError: no pipeline requests what one of the faults is about.
    """
    first = [_requesting(fault, scenario.week, timeline) for fault in scenario.faults]
    return min(first, key=PIPELINES.index)


def _requesting(fault: Fault, week: int, timeline: Timeline) -> str:
    for dag_id in PIPELINES:
        if any(is_of(fault, path) for path in timeline.requested(week, dag_id)):
            return dag_id
    raise ValueError(f"no pipeline of the week requests {fault.endpoint} {dict(fault.params) or ''}".rstrip())


@contextmanager
def _copy(timeline: Timeline, week: int, dag_id: str) -> Iterator[Installation]:
    """An installation on a copy of the clean database before a run."""
    name = timeline.database(str(os.getpid()))
    timeline.postgres.create_database(name, template=timeline.template(week, dag_id))
    try:
        with timeline.installation(name) as installation:
            yield installation
    finally:
        timeline.postgres.drop_database(name)
