"""Weeks of a season with faults injected, run as Airflow runs them: every task tries again, and a person clears.

The steps, HTTP, Postgres and the faults are real; what is Airflow's part (a task's retries, the clear of a red run at
the same moment) is played here, so that ten weeks take minutes.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from typing import Any

import requests

from fpl_pulse.errors import RetryableError, StopError
from fpl_pulse.etl.context import StepContext
from fpl_pulse.store import runs
from fpl_pulse.store.digest import TableDigest, digest
from tests.db.conftest import ENDINGS, FETCHES, PLANS, Pipelines, slots_of

TRIES = 4
"""As `DEFAULTS` of the DAGs have it: one and three retries."""
MOST_CLEARS = 8
"""A person who has cleared a run so often without success looks for something else."""

Rules = list[dict[str, Any]]

PASSING: Rules = [
    {"match": {"endpoint": "events/lineups"}, "fault": "http_503", "times": 2, "probability": 0.15},
    {"match": {"endpoint": "events/lineups"}, "fault": "truncated_json", "times": 1, "probability": 0.15},
    {"match": {"endpoint": "events/lineups"}, "fault": "wrong_content_type", "times": 6, "probability": 0.1},
    {"match": {"endpoint": "events/lineups"}, "fault": "empty_data", "times": 1, "probability": 0.1},
    {"match": {"endpoint": "events/player-heatmap"}, "fault": "reset_connection", "times": 1, "probability": 0.01},
    {"match": {"endpoint": "events/player-heatmap"}, "fault": "http_500", "times": 1, "probability": 0.02},
    {"match": {"endpoint": "events/player-heatmap"}, "fault": "null_data", "times": 1, "probability": 0.02},
    {
        "match": {"endpoint": "events/player-heatmap"},
        "fault": "http_429", "times": 1, "probability": 0.02, "retry_after": 1,
    },
    {"match": {"endpoint": "events/player-heatmap"}, "fault": "403", "times": 1, "probability": 0.001},
    {"match": {"endpoint": "seasons/events"}, "fault": "html_page", "times": 1, "probability": 0.3},
    {"match": {"endpoint": "seasons/events"}, "fault": "http_502", "times": 6, "probability": 0.2},
    {"match": {"endpoint": "teams/players"}, "fault": "http_429", "times": 2, "probability": 0.2},
    {"match": {"endpoint": "teams/players"}, "fault": "empty_data", "times": 1, "probability": 0.2},
    {"match": {"endpoint": "players/statistics/result"}, "fault": "reset_connection", "times": 1, "probability": 0.03},
    {"match": {"endpoint": "players/statistics/result"}, "fault": "http_503", "times": 1, "probability": 0.03},
    {"match": {"endpoint": "players/statistics/result"}, "fault": "401", "times": 1, "probability": 0.002},
    {"match": {"endpoint": "players/attribute-overviews"}, "fault": "truncated_json", "times": 1, "probability": 0.03},
    {"match": {"endpoint": "players/attribute-overviews"}, "fault": "http_500", "times": 6, "probability": 0.01},
    {"match": {"endpoint": "fpl/bootstrap-static"}, "fault": "http_503", "times": 3},
    {"match": {"endpoint": "fpl/fixtures"}, "fault": "truncated_json", "times": 1},
    {"match": {"endpoint": "fpl/event/live"}, "fault": "reset_connection", "times": 1, "probability": 0.5},
]  # fmt: skip
"""Faults that pass, of every kind: some within a call's attempts, some only after a task's, some after a clear."""


@dataclass
class Figures:
    """What a soak has seen."""

    faults: Counter[str] = field(default_factory=Counter)
    retried_tasks: int = 0
    cleared_runs: int = 0
    calls: int = 0
    repeated_calls: int = 0
    """Attempts after the first of a call."""
    seconds: float = 0.0

    def lines(self) -> list[str]:
        """The figures, as a person reads them."""
        return [
            f"{self.faults.total()} faults injected in {self.seconds:.0f} s:",
            *(f"  {name:<20} {count:>5}" for name, count in self.faults.most_common()),
            f"{self.calls} calls, {self.repeated_calls} of them repeated at once",
            f"{self.retried_tasks} tasks tried again, {self.cleared_runs} runs cleared by hand",
        ]


@dataclass
class Soak:
    """Runs weeks to their green end, whatever the source does."""

    pipelines: Pipelines
    control: str
    """Where the source is controlled, as /__sandbox__."""
    figures: Figures = field(default_factory=Figures)

    def weeks(self, mondays: Sequence[date], scenario: Rules, say: Callable[[str], None] = print) -> Figures:
        """Run weeks under a scenario; counts of faults start again each week, as weeks have faults of their own."""
        started = time.monotonic()
        for number, monday in enumerate(mondays):
            self._post("/scenario", {"seed": number, "rules": scenario})
            for dag_id, as_of in slots_of(monday).items():
                self._to_green(dag_id, as_of)
            self.figures.faults.update(self._faults())
            say(f"  {monday}: {self.figures.faults.total()} faults so far")
        self._post("/scenario", {"rules": []})
        self.figures.seconds = time.monotonic() - started
        calls, repeated = self.pipelines.conn.execute(
            "select count(*), count(*) filter (where attempt > 1) from pulse.api_calls"
        ).fetchall()[0]
        self.figures.calls, self.figures.repeated_calls = calls, repeated
        return self.figures

    def digest(self) -> dict[str, TableDigest]:
        """What the store says now."""
        return digest(self.pipelines.conn)

    def answered_twice(self) -> int:
        """Answers that a run paid for twice."""
        return int(
            self.pipelines.one(
                "select count(*) from (select run_id, endpoint, resource from pulse.api_calls"
                " where outcome = 'fetched' and api = 'sofasport' group by 1, 2, 3 having count(*) > 1) as twice"
            )
        )

    def _to_green(self, dag_id: str, as_of: datetime) -> None:
        first = self.pipelines.context(dag_id, as_of)
        for clears in range(MOST_CLEARS + 1):
            self.figures.cleared_runs += bool(clears)
            # A cleared run is the same run at the same moment.
            context = replace(self.pipelines.context(dag_id, as_of), run=first.run)
            if self._attempt(dag_id, context):
                return
        state = self.pipelines.one(
            "select message from pulse.pipeline_runs where run_id = %s", first.run.run_id
        )
        raise AssertionError(f"{dag_id} of {as_of.isoformat()} is red after {MOST_CLEARS} clears: {state}")

    def _attempt(self, dag_id: str, context: StepContext) -> bool:
        """One run of the DAG; false when anything in it is red."""
        is_green = True
        if dag_id in PLANS:
            planned = self._task(context, PLANS[dag_id])
            if planned is None:
                return False
            for op_kwargs in planned:
                fetch = FETCHES[dag_id]
                is_green &= self._task(context, partial(fetch, **op_kwargs)) is not None
        for step in ENDINGS[dag_id]:
            # What could be fetched is loaded in any case; everything else waits for what is before it.
            if self._task(context, partial(_done, step)) is None:
                return False
        return is_green

    def _task(self, context: StepContext, step: Callable[[StepContext], Any]) -> Any:  # noqa: ANN401 - the step's result
        """A task with its retries: its result, or None when it is red."""
        for attempt in range(TRIES):
            self.figures.retried_tasks += bool(attempt)
            try:
                return step(context)
            except RetryableError:
                continue
            except StopError as error:
                runs.finish(context.conn, context.run, "failed", str(error))
                return None
        return None

    def _faults(self) -> dict[str, int]:
        answer = requests.get(f"{self.pipelines.source}{self.control}/stats", timeout=30)
        answer.raise_for_status()
        counts: dict[str, int] = answer.json()["faults"]
        return counts

    def _post(self, path: str, body: object) -> None:
        answer = requests.post(f"{self.pipelines.source}{self.control}{path}", json=body, timeout=30)
        answer.raise_for_status()
        if path == "/scenario":
            requests.post(
                f"{self.pipelines.source}{self.control}/reset", json={}, timeout=30
            ).raise_for_status()


def _done(step: Callable[[StepContext], Any], context: StepContext) -> bool:
    """Run a step that may return nothing."""
    step(context)
    return True
