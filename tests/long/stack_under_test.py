"""A running Airflow with the sandbox as its source, and the actions that an operator and the tests take on it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psutil

from dev.local.airflow_api import AirflowApi
from dev.local.airflow_environment import DEMO_DATABASES, environment
from dev.local.airflow_stack import LocalStack
from dev.local.postgres import EmbeddedPostgres
from dev.local.processes import local_session
from dev.local.source import Sandbox
from dev.local.week_run import PlannedRun
from tests.db.soaking import Rules
from tests.long.airflow_under_test import AirflowUnderTest

DATA = DEMO_DATABASES.data


@dataclass
class StackUnderTest(AirflowUnderTest):
    """A running local stack."""

    local: LocalStack
    sandbox: Sandbox
    server: EmbeddedPostgres
    """The Postgres server that holds the product's data."""
    numbers: Iterator[int] = field(default_factory=count)

    @property
    def airflow(self) -> AirflowApi:
        """The REST client of the running Airflow."""
        return self.local.airflow

    @property
    def airflow_dsn(self) -> str:
        """The address of Airflow's metadata database."""
        return self.local.settings.database_dsn

    @property
    def data_dsn(self) -> str:
        """The address of the product's database."""
        return self.server.dsn(DATA)

    def set_key(self, key: str) -> None:
        """Make the sandbox accept another key, and no longer the one before."""
        url = f"{self.sandbox.source.clock_url}".replace("/clock", "/key")
        assert local_session().post(url, json={"key": key}, timeout=10).ok

    def delay_responses(self, latency_ms: int) -> None:
        """Make the sandbox wait before each response."""
        url = f"{self.sandbox.source.clock_url}".replace("/clock", "/limits")
        assert local_session().post(url, json={"latency_ms": latency_ms}, timeout=10).ok

    def inject(self, rules: Rules) -> None:
        """Replace the sandbox's fault rules. An empty list removes all faults."""
        url = f"{self.sandbox.source.clock_url}".replace("/clock", "/scenario")
        assert local_session().post(url, json={"rules": rules}, timeout=10).ok

    def injected(self) -> int:
        """The number of faults that the sandbox has injected since `inject`."""
        url = f"{self.sandbox.source.clock_url}".replace("/clock", "/stats")
        return sum(local_session().get(url, timeout=10).json()["faults"].values())

    def trigger(self, planned: PlannedRun, **conf: object) -> str:
        """Trigger a manual run with the slot's time as its as-of time. Returns the run id."""
        run_id = f"manual_{next(self.numbers)}"
        self.airflow.trigger(planned.slot.dag_id, run_id, None, {"as_of": planned.as_of.isoformat(), **conf})
        return run_id

    def clear_failed_tasks(self, planned: PlannedRun, run_id: str) -> None:
        """Clear only the failed tasks of a run, which is an option of the UI."""
        path = f"dags/{planned.slot.dag_id}/dagRuns/{run_id}/clear"
        self.airflow._call("POST", path, {"dry_run": False, "only_failed": True})

    def clear(self, planned: PlannedRun, run_id: str, *tasks: str | tuple[str, int], downstream: bool = False) -> None:
        """Clear tasks of a run, as an operator does in the UI. A pair is (task id, map index)."""
        body = {
            "dry_run": False,
            "dag_run_id": run_id,
            "task_ids": list(tasks),
            "only_failed": False,
            "include_downstream": downstream,
        }
        self.airflow._call("POST", f"dags/{planned.slot.dag_id}/clearTaskInstances", body)

    def repeated_calls(self, *run_ids: str) -> list[tuple[Any, ...]]:
        """Return the SofaSport calls of the runs that requested again what was fetched and archived before."""
        return self.rows(Path(__file__).with_name("repeated_calls.sql").read_text(), list(run_ids))

    def restart_scheduler(self, scheduler: psutil.Process) -> None:
        """Kill the scheduler with all its child processes, and start another one as `make up` does.

        The idle workers were forked from the scheduler and share its database sessions. If one survived, it could keep
        the lock that every scheduler needs, and the new scheduler would wait forever.
        """
        children = scheduler.children(recursive=True)
        for process in (scheduler, *children):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs([scheduler, *children], timeout=10)
        # Shorten two waits: 30 s until the killed scheduler counts as dead, 5 min until Airflow checks.
        self.airflow_rows(
            "update job set latest_heartbeat = latest_heartbeat - interval '1 hour'"
            " where job_type = 'SchedulerJob' and state = 'running' returning 1"
        )
        command = [sys.executable, "-m", "airflow", "scheduler", "--skip-serve-logs"]
        self.local.start_process("scheduler", command, environment(self.local.settings))

    def command(self, *arguments: str) -> None:
        """Run an airflow command in the stack's environment. It must succeed."""
        done = subprocess.run(
            [sys.executable, "-m", "airflow", *arguments],
            env=environment(self.local.settings),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-1000:]
