"""A steady week on a real Airflow, at several rates: how close it comes to the limit of the rate, and what it costs.

The weeks before it are loaded in this process. Each rate then runs the same week on its own copy of that store, against
a sandbox that refuses what exceeds the rate and takes 120 ms for each response.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg.rows import dict_row
from rich.console import Console

from dev.bench.memory import MemoryPeaks
from dev.bench.old_system import old_cost
from dev.local.airflow_environment import POSTGRES_CONNECTION, Databases
from dev.local.airflow_stack import LocalStack
from dev.local.layout import Layout
from dev.local.postgres import EmbeddedPostgres
from dev.local.processes import local_session
from dev.local.progress import Progress
from dev.local.source import Sandbox, dsn_of
from dev.local.week_run import SlotRun, WeekRunner, plan_week
from dev.pipelines import Pipelines
from dev.sandbox.process import running_sandbox
from fpl_pulse.store import schema
from fpl_pulse.week import PIPELINES

FIRST_MONDAY, MONDAY = date(2025, 8, 18), date(2025, 10, 20)
"""The week before the measured one is loaded, and all weeks since the season's first."""
RATES = (5, 10, 27)
"""Calls per second. 5 is the default of the product, 27 what the largest known plan allows."""
LATENCY_MS = 120
_STEADY = "steady"
_CALLS: LiteralString = (Path(__file__).parent / "queries" / "calls_of_runs.sql").read_text()


@dataclass(frozen=True)
class PipelineFigures:
    """One pipeline's run in a measured week."""

    dag_id: str
    calls: int
    """Calls to SofaSport."""
    span_s: float
    """From the start of the first call to the end of the last."""
    wall_s: float
    """From the trigger to the end of the run."""

    def pace(self, rate: float) -> float:
        """The span as a multiple of the least possible one."""
        return self.span_s / (self.calls / rate)

    @property
    def overhead_s(self) -> float:
        """What the run takes beyond its calls."""
        return self.wall_s - self.span_s


@dataclass(frozen=True)
class WeekFigures:
    """A week at one rate."""

    rate: int
    pipelines: list[PipelineFigures]
    refused: int
    """Calls that the sandbox refused as too fast."""
    most_in_a_second: int
    old_calls: int
    """What the old system would have called in this week."""
    memory: dict[str, float]
    """Component -> peak of its own memory, in MB (proportional set size)."""

    @property
    def calls(self) -> int:
        """All calls to SofaSport."""
        return sum(one.calls for one in self.pipelines)


def measure(folder: Path, console: Console, rates: Sequence[int] = RATES) -> Iterator[WeekFigures]:
    """Measure the week at each rate, in a folder that does not exist yet."""
    layout = Layout(state=folder)
    layout.make()
    started = time.monotonic()
    with EmbeddedPostgres(layout.postgres) as server:
        server.create_database(_STEADY)
        schema.upgrade(server.dsn(_STEADY))
        _load_weeks_before(server.dsn(_STEADY))
        for rate in rates:
            server.create_database(_data_of(rate), template=_STEADY)
    console.print(f"Loaded the weeks before {MONDAY:%d %B %Y} in {time.monotonic() - started:.0f} s")
    for rate in rates:
        with _running_stack(layout, rate, console) as (stack, sandbox):
            yield _measured_week(stack, sandbox, layout, rate, console)


def _data_of(rate: int) -> str:
    return f"fpl_pulse_{rate}"


def _load_weeks_before(dsn: str) -> None:
    monday = FIRST_MONDAY
    first = datetime(monday.year, monday.month, monday.day, tzinfo=UTC)
    with running_sandbox(first) as address, psycopg.connect(dsn, autocommit=True) as conn:
        while monday < MONDAY:
            Pipelines(conn, address).week(monday)
            monday += timedelta(weeks=1)


@contextmanager
def _running_stack(layout: Layout, rate: int, console: Console) -> Iterator[tuple[LocalStack, Sandbox]]:
    sandbox = Sandbox.at(layout, plan_week(MONDAY)[0].as_of)
    stack = LocalStack(
        layout,
        sandbox.source.connections,
        databases=Databases("airflow", _data_of(rate)),
        schedules=False,
        on_progress=lambda line: console.print(line, highlight=False),
        calls_per_second=str(rate),
    )
    stack.reserve()
    try:
        sandbox.start(stack.start_process)
        stack.start()
        yield stack, sandbox
    finally:
        stack.stop()


def _measured_week(stack: LocalStack, sandbox: Sandbox, layout: Layout, rate: int, console: Console) -> WeekFigures:
    control = str(sandbox.source.clock_url).removesuffix("/clock")
    _post(f"{control}/limits", {"latency_ms": LATENCY_MS, "rps": rate})
    planned = plan_week(MONDAY)
    with Progress(console) as progress, MemoryPeaks(layout) as memory:
        runner = WeekRunner(stack.airflow, progress, set_clock=sandbox.source.set_clock)
        runs = runner.run(planned)
    stats = local_session().get(f"{control}/stats", timeout=30).json()
    dsn = dsn_of(stack.settings.connections[POSTGRES_CONNECTION])
    return WeekFigures(
        rate,
        _pipelines(dsn, runs),
        int(stats["statuses"].get("429", 0)),
        int(stats["most_in_one_second"]["sofasport"]),
        old_cost(dsn, planned[-1].as_of).total,
        memory.peaks_mb(),
    )


def _pipelines(dsn: str, runs: Sequence[SlotRun]) -> list[PipelineFigures]:
    with psycopg.connect(dsn, row_factory=dict_row) as conn:
        rows = conn.execute(_CALLS, {"run_ids": [run.run_id for run in runs]}).fetchall()
    wall_s = {run.slot.dag_id: run.seconds for run in runs}
    return sorted((PipelineFigures(**row, wall_s=wall_s[row["dag_id"]]) for row in rows), key=_order)


def _order(one: PipelineFigures) -> int:
    return PIPELINES.index(one.dag_id)


def _post(url: str, body: dict[str, object]) -> None:
    local_session().post(url, json=body, timeout=30).raise_for_status()
