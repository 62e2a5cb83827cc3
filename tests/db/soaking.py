"""Weeks of a season with injected faults, run as Airflow runs them: tasks are retried and failed runs cleared.

The steps, HTTP, Postgres and the faults are real. This module does Airflow's part (the retries of a task, the clear of
a failed run at the same as-of time), so that ten weeks take minutes.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from typing import Any

import requests

from dev.pipelines import ENDINGS, FETCHES, PLANS, Pipelines, slots_of
from fpl_pulse.errors import RetryableError, StopError
from fpl_pulse.etl.context import StepContext
from fpl_pulse.store import runs
from fpl_pulse.store.digest import TableDigest, digest

TRIES = 4
"""Attempts of a task: the first and three retries, as in `DEFAULTS` of the DAGs."""
MOST_CLEARS = 8
"""Clears of one run; a run that still fails then counts as broken."""

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
"""Temporary faults of every kind. Some end within the attempts of a call, some after retries, some after a clear."""


@dataclass
class Figures:
    """What happened in a soak."""

    faults: Counter[str] = field(default_factory=Counter)
    retried_tasks: int = 0
    cleared_runs: int = 0
    calls: int = 0
    repeated_calls: int = 0
    """Attempts after the first of a call."""
    seconds: float = 0.0

    def lines(self) -> list[str]:
        """The figures as lines of text."""
        return [
            f"{self.faults.total()} faults injected in {self.seconds:.0f} s:",
            *(f"  {name:<20} {count:>5}" for name, count in self.faults.most_common()),
            f"{self.calls} calls, {self.repeated_calls} of them further attempts",
            f"{self.retried_tasks} retries of tasks, {self.cleared_runs} clears of runs",
        ]


@dataclass
class Soak:
    """Runs weeks until every run has succeeded, whatever the source does."""

    pipelines: Pipelines
    control: str
    """The path under which the source is controlled, such as /__sandbox__."""
    figures: Figures = field(default_factory=Figures)

    def weeks(self, mondays: Sequence[date], scenario: Rules, report: Callable[[str], None] = print) -> Figures:
        """Run weeks under a scenario. It starts again each week with another seed, so each week has other faults."""
        started = time.monotonic()
        for number, monday in enumerate(mondays):
            self._post("/scenario", {"seed": number, "rules": scenario})
            for dag_id, as_of in slots_of(monday).items():
                self._run_until_success(dag_id, as_of)
            self.figures.faults.update(self._faults())
            report(f"  {monday}: {self.figures.faults.total()} faults so far")
        self._post("/scenario", {"rules": []})
        self.figures.seconds = time.monotonic() - started
        calls, repeated = self.pipelines.conn.execute(
            "select count(*), count(*) filter (where attempt > 1) from pulse.api_calls"
        ).fetchall()[0]
        self.figures.calls, self.figures.repeated_calls = calls, repeated
        return self.figures

    def digest(self) -> dict[str, TableDigest]:
        """The digest of the data tables."""
        return digest(self.pipelines.conn)

    def fetched_twice(self) -> list[str]:
        """The resources that one run fetched more than once."""
        rows = self.pipelines.conn.execute(
            "select concat_ws(' ', run_id, endpoint, resource) from pulse.api_calls"
            " where outcome = 'fetched' and api = 'sofasport' group by run_id, endpoint, resource having count(*) > 1"
        )
        return [name for (name,) in rows.fetchall()]

    def _run_until_success(self, dag_id: str, as_of: datetime) -> None:
        first = self.pipelines.context(dag_id, as_of)
        for clears in range(MOST_CLEARS + 1):
            self.figures.cleared_runs += bool(clears)
            # A cleared run keeps its id and its as-of time.
            context = replace(self.pipelines.context(dag_id, as_of), run=first.run)
            if self._attempt(dag_id, context):
                return
        message = self.pipelines.one("select message from pulse.pipeline_runs where run_id = %s", first.run.run_id)
        raise AssertionError(f"{dag_id} of {as_of.isoformat()} still fails after {MOST_CLEARS} clears: {message}")

    def _attempt(self, dag_id: str, context: StepContext) -> bool:
        """Run every task of the DAG; False when one of them failed."""
        is_success = True
        if dag_id in PLANS:
            planned = self._task(context, PLANS[dag_id])
            if planned is None:
                return False
            for op_kwargs in planned:
                fetch = FETCHES[dag_id]
                is_success &= self._task(context, partial(fetch, **op_kwargs)) is not None
        for step in ENDINGS[dag_id]:
            # Like the DAG: a load runs even when a fetch failed, and any other task needs the task before it.
            if self._task(context, partial(_done, step)) is None:
                return False
        return is_success

    def _task(self, context: StepContext, step: Callable[[StepContext], Any]) -> Any:  # noqa: ANN401 - the step's result
        """Run a task with its retries; returns its result, or None when it failed."""
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
        response = requests.get(f"{self.pipelines.source}{self.control}/stats", timeout=30)
        response.raise_for_status()
        counts: dict[str, int] = response.json()["faults"]
        return counts

    def _post(self, path: str, body: object) -> None:
        response = requests.post(f"{self.pipelines.source}{self.control}{path}", json=body, timeout=30)
        response.raise_for_status()
        if path == "/scenario":
            requests.post(f"{self.pipelines.source}{self.control}/reset", json={}, timeout=30).raise_for_status()


def _done(step: Callable[[StepContext], Any], context: StepContext) -> bool:
    """Run a step; returns True, because its own result may be None."""
    step(context)
    return True
