"""A running Airflow with the sandbox as its source, and the actions that an operator and the tests take on it.

The tests shorten waits only: before a retry (30 s), until Airflow notices a killed worker (30 s), and until a sensor
gives up (1 h).
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psutil
import psycopg

from dev.local.airflow_api import FINISHED, AirflowApi, TaskState
from dev.local.airflow_environment import DEMO_DATABASES, environment
from dev.local.airflow_stack import LocalStack
from dev.local.postgres import EmbeddedPostgres
from dev.local.processes import local_session
from dev.local.source import Sandbox
from dev.local.week_run import PlannedRun
from tests.db.soaking import Rules

DATA = DEMO_DATABASES.data


@dataclass
class StackUnderTest:
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

    def rows(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Run a query on the product's database and return its rows."""
        with psycopg.connect(self.server.dsn(DATA)) as conn:
            return conn.execute(statement.encode(), parameters).fetchall()

    def airflow_rows(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Run a statement on Airflow's metadata database and return its rows."""
        with psycopg.connect(self.local.settings.database_dsn) as conn:
            return conn.execute(statement.encode(), parameters).fetchall()

    def change(self, statement: str, *parameters: object) -> None:
        """Run a statement on the product's database. It must change at least one row."""
        with psycopg.connect(self.server.dsn(DATA)) as conn:
            assert conn.execute(statement.encode(), parameters).rowcount > 0

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

    def state(self, planned: PlannedRun, run_id: str) -> str:
        """Return a run's state. Read from the table, because tests poll it often."""
        rows = self.airflow_rows(
            "select state from dag_run where dag_id = %s and run_id = %s", planned.slot.dag_id, run_id
        )
        return str(rows[0][0])

    def tasks(self, planned: PlannedRun, run_id: str, *task_ids: str) -> list[TaskState]:
        """Return the task instances of a run, of all tasks or of those named."""
        found = self.airflow.task_states(planned.slot.dag_id, run_id)
        return [task for task in found if not task_ids or task.task_id in task_ids]

    def wait_until(self, what: str, is_true: Callable[[], bool], limit_s: float = 180) -> None:
        """Poll a condition until it is true. Fails with `what` after `limit_s` seconds."""
        until = time.monotonic() + limit_s
        while not is_true():
            assert time.monotonic() < until, f"Waited {limit_s:.0f} s in vain until {what}."
            time.sleep(0.2)

    def wait_for_end(self, planned: PlannedRun, run_id: str) -> str:
        """Wait until a run has finished, shortening its waits. Returns its state."""

        def has_finished() -> bool:
            self.shorten_waits(run_id)
            return self.state(planned, run_id) in FINISHED

        try:
            self.wait_until(f"{planned.slot.dag_id} {run_id} ends", has_finished, 400)
        except AssertionError as error:
            raise AssertionError(f"{error} Its tasks: {self.tasks(planned, run_id)}") from None
        return self.state(planned, run_id)

    def shorten_waits(self, run_id: str) -> None:
        """Move the times from which Airflow counts a retry's delay and a sensor's next poke."""
        self.airflow_rows(
            "update task_instance set end_date = end_date - interval '1 hour'"
            " where run_id = %s and state = 'up_for_retry' and end_date > now() - interval '30 minutes' returning 1",
            run_id,
        )
        self.airflow_rows(
            "update task_reschedule set reschedule_date = now() where ti_id in"
            " (select id from task_instance where run_id = %s and state = 'up_for_reschedule')"
            " and reschedule_date > now() returning 1",
            run_id,
        )

    def tasks_that_failed(self) -> list[tuple[Any, ...]]:
        """Run, task and message of every failed attempt, for the message of a failed test."""
        return self.rows("select run_id, task_id, message from pulse.task_attempts where state = 'failed'")

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

    def calls(self, run_id: str) -> int:
        """Return the number of SofaSport calls of a run."""
        return int(
            self.rows("select count(*) from pulse.api_calls where run_id = %s and api = 'sofasport'", run_id)[0][0]
        )

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
