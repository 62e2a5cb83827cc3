"""How close the fetches of many tasks come to the configured rate, and whether a server ever counts more than the rate.

Each task is a process of its own with its own connections, as in Airflow. Some tasks make only a few calls.
"""

import multiprocessing
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, islice
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerProcess
from typing import Any, cast

import psycopg
import requests

from fpl_pulse.api import sofasport
from fpl_pulse.api.http import ApiClient
from fpl_pulse.etl.context import StepContext
from fpl_pulse.store import runs
from fpl_pulse.store.ledger import recorder
from fpl_pulse.store.pace import Pace
from fpl_pulse.store.runs import Run

CALLS_PER_TASK = (12, 2, 20, 1, 15, 3, 11, 4)
"""How many calls the tasks make, in turn."""

LIMIT_S = 120.0
"""How long all tasks together may take."""


@dataclass(frozen=True)
class Fetches:
    """What is fetched, and how."""

    dsn: str
    """A database with the schema `pulse`."""
    source: str
    """URL of a sandbox that nothing else uses."""
    key: str
    """The sandbox's API key."""
    rate: int
    """Calls per second that are configured."""
    calls: int
    plan_rate: int | None = None
    """Calls per second that the sandbox accepts; by default as many as are configured."""
    tasks_at_once: int = 8
    latency_ms: int = 120
    startup_s: float = 0.3
    """How long each task is busy before its first call."""


@dataclass(frozen=True)
class PaceFigures:
    """What a run of the fetches took, and what the server counted."""

    rate: int
    calls: int
    span_s: float
    """From the start of the first call to the end of the last."""
    most_in_one_second: int
    """The most arrivals at the server within any one second."""
    refused: int
    """Number of 429s."""
    failed_tasks: int

    @property
    def span_over_ideal(self) -> float:
        """The span as a multiple of what the rate requires."""
        return self.span_s * self.rate / self.calls


def measure_pace(fetches: Fetches) -> PaceFigures:
    """Fetch with many tasks and return the figures. Resets the sandbox's counts, and removes its limits afterwards."""
    limits = {"rps": fetches.plan_rate or fetches.rate, "latency_ms": fetches.latency_ms}
    _control(fetches, "limits", limits)
    _control(fetches, "reset", {})
    run = Run("bench_pace", f"bench__{time.time_ns()}", datetime(2025, 8, 25, 1, tzinfo=UTC))
    try:
        with psycopg.connect(fetches.dsn, autocommit=True) as conn:
            runs.begin(conn, run)
            failed = _run_tasks(fetches, run)
            first, last = conn.execute(
                "select min(called_at), max(called_at + seconds * interval '1 second') from pulse.api_calls"
                " where run_id = %s",
                (run.run_id,),
            ).fetchone() or (None, None)
        stats = requests.get(f"{fetches.source}/__sandbox__/stats", timeout=30).json()
    finally:
        _control(fetches, "limits", {"rps": None, "latency_ms": 0})
    return PaceFigures(
        fetches.rate,
        fetches.calls,
        (last - first).total_seconds(),
        stats["most_in_one_second"]["sofasport"],
        stats["statuses"].get("429", 0),
        failed,
    )


def _control(fetches: Fetches, what: str, body: dict[str, Any]) -> None:
    requests.post(f"{fetches.source}/__sandbox__/{what}", json=body, timeout=30).raise_for_status()


def _run_tasks(fetches: Fetches, run: Run) -> int:
    """Run all tasks, as many at once as allowed; return how many failed."""
    # A task is a fork of a small process that has imported this module. Airflow's tasks are forks too.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    shares, running, failed = _shares(fetches), dict[int, ForkServerProcess](), 0
    deadline = time.monotonic() + LIMIT_S
    while True:
        for share in islice(shares, fetches.tasks_at_once - len(running)):
            task = context.Process(target=_task, args=(fetches, run, share), daemon=True)
            task.start()
            running[task.sentinel] = task
        if not running:
            return failed
        for ended in wait(list(running), deadline - time.monotonic()):
            task = running.pop(cast("int", ended))
            task.join()
            failed += task.exitcode != 0
        if time.monotonic() > deadline:
            for task in running.values():
                task.kill()
            raise TimeoutError(f"The tasks still fetch after {LIMIT_S:.0f} s")


def _shares(fetches: Fetches) -> Iterator[list[int]]:
    """The players whose attributes each task fetches."""
    truth = requests.get(f"{fetches.source}/__sandbox__/truth", timeout=30).json()
    players = (player["sofasport_player_id"] for player in truth["players"] if player["sofasport_player_id"])
    to_share = islice(cycle(players), fetches.calls)
    for calls in cycle(CALLS_PER_TASK):
        if not (share := list(islice(to_share, calls))):
            return
        yield share


def _task(fetches: Fetches, run: Run, players: Sequence[int]) -> None:
    time.sleep(fetches.startup_s)
    with psycopg.connect(fetches.dsn, autocommit=True) as conn, requests.Session() as session:
        session.trust_env = False
        session.headers.update({"x-rapidapi-key": fetches.key, "x-rapidapi-host": "bench"})
        pace = Pace(conn, "sofasport", fetches.rate)
        client = ApiClient(
            "bench",
            session,
            fetches.source,
            wait_for_slot=pace.wait_for_slot,
            record=recorder(conn, run, pace.on_response),
        )
        context = StepContext(conn, {"sofasport": client}, run)
        context.fetch_all((sofasport.attributes("2025-26", player) for player in players), "attributes")
