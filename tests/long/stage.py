"""A whole Airflow with the pretend season beside it, as an operator and the tests handle it.

Only waits are cut short: the half minute before a retry, the half minute in which a killed worker is noticed, the hour
after which a run is given up.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
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
class Stage:
    """The running stack."""

    stack: LocalStack
    sandbox: Sandbox
    server: EmbeddedPostgres
    """Of the data."""
    numbers: Iterator[int] = field(default_factory=count)

    @property
    def airflow(self) -> AirflowApi:
        """A client of the running Airflow."""
        return self.stack.airflow

    def rows(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Rows of the data's database."""
        with psycopg.connect(self.server.dsn(DATA)) as conn:
            return conn.execute(statement.encode(), parameters).fetchall()

    def airflow_rows(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Rows of Airflow's own database; an update returns those that it changed."""
        with psycopg.connect(self.stack.settings.database_dsn) as conn:
            return conn.execute(statement.encode(), parameters).fetchall()

    def change(self, statement: str, *parameters: object) -> None:
        """Change the data by hand; something must change."""
        with psycopg.connect(self.server.dsn(DATA)) as conn:
            assert conn.execute(statement.encode(), parameters).rowcount > 0

    def answer_after(self, latency_ms: int) -> None:
        """Let the source take its time."""
        url = f"{self.sandbox.source.clock_url}".replace("/clock", "/limits")
        assert local_session().post(url, json={"latency_ms": latency_ms}, timeout=10).ok

    def inject(self, rules: Rules) -> None:
        """Put faults of the source in force; none takes them away."""
        url = f"{self.sandbox.source.clock_url}".replace("/clock", "/scenario")
        assert local_session().post(url, json={"rules": rules}, timeout=10).ok

    def injected(self) -> int:
        """How many faults there were since they were put in force."""
        url = f"{self.sandbox.source.clock_url}".replace("/clock", "/stats")
        return sum(local_session().get(url, timeout=10).json()["faults"].values())

    def trigger(self, planned: PlannedRun, **conf: object) -> str:
        """A run by hand for the slot's moment."""
        run_id = f"fault_{next(self.numbers)}"
        self.airflow.trigger(planned.slot.dag_id, run_id, None, {"as_of": planned.as_of.isoformat(), **conf})
        return run_id

    def state(self, planned: PlannedRun, run_id: str) -> str:
        """A run's state; read from the table, because it is asked for many times."""
        rows = self.airflow_rows(
            "select state from dag_run where dag_id = %s and run_id = %s", planned.slot.dag_id, run_id
        )
        return str(rows[0][0])

    def tasks(self, planned: PlannedRun, run_id: str, *task_ids: str) -> list[TaskState]:
        """Task instances of a run, all or of some tasks."""
        found = self.airflow.task_states(planned.slot.dag_id, run_id)
        return [task for task in found if not task_ids or task.task_id in task_ids]

    def wait_until(self, what: str, is_so: Callable[[], bool], limit_s: float = 180) -> None:
        """Look again and again."""
        until = time.monotonic() + limit_s
        while not is_so():
            assert time.monotonic() < until, f"in vain: {what}"
            time.sleep(0.2)

    def wait_for_end(self, planned: PlannedRun, run_id: str, *, hurry: bool = True) -> str:
        """Wait for a run's end, cutting short its waits; returns its state."""

        def is_over() -> bool:
            if hurry:
                self.cut_waits_short(run_id)
            return self.state(planned, run_id) in FINISHED

        try:
            self.wait_until(f"{planned.slot.dag_id} {run_id} ends", is_over, 400)
        except AssertionError as error:
            raise AssertionError(f"{error}: {self.tasks(planned, run_id)}") from None
        return self.state(planned, run_id)

    def cut_waits_short(self, run_id: str) -> None:
        """Move the times from which Airflow counts the wait before a retry, and between two looks of a sensor."""
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

    def clear(
        self, planned: PlannedRun, run_id: str, *tasks: str | tuple[str, int], downstream: bool = False
    ) -> None:
        """Clear tasks of a run, as a person does in the UI."""
        body = {
            "dry_run": False,
            "dag_run_id": run_id,
            "task_ids": list(tasks),
            "only_failed": False,
            "include_downstream": downstream,
        }
        self.airflow._call("POST", f"dags/{planned.slot.dag_id}/clearTaskInstances", body)

    def spent_twice(self, *run_ids: str) -> list[tuple[Any, ...]]:
        """Answers of SofaSport that were paid for more than once within the same run."""
        return self.rows(
            "select run_id, endpoint, resource, count(*) from pulse.api_calls"
            " where run_id = any(%s) and api = 'sofasport' and outcome in ('answered', 'no_data')"
            " group by 1, 2, 3 having count(*) > 1",
            list(run_ids),
        )

    def calls(self, run_id: str) -> int:
        """Calls to SofaSport of a run."""
        return int(
            self.rows("select count(*) from pulse.api_calls where run_id = %s and api = 'sofasport'", run_id)[
                0
            ][0]
        )

    def start_scheduler_again(self, scheduler: psutil.Process) -> None:
        """Kill the scheduler, and start another as `make up` does: nothing of the dead one is left.

        Its idle workers, forked from it, would keep its database sessions open, and one of them may hold the lock that
        every scheduler needs: the new one would wait for ever.
        """
        left_behind = scheduler.children(recursive=True)
        for process in (scheduler, *left_behind):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs([scheduler, *left_behind], timeout=10)
        # Cut short: half a minute until the dead one counts as dead, five until somebody looks.
        self.airflow_rows(
            "update job set latest_heartbeat = latest_heartbeat - interval '1 hour'"
            " where job_type = 'SchedulerJob' and state = 'running' returning 1"
        )
        command = [sys.executable, "-m", "airflow", "scheduler", "--skip-serve-logs"]
        self.stack.run_beside("scheduler", command, environment(self.stack.settings))

    def command(self, *arguments: str) -> None:
        """An airflow command in the stack's environment."""
        done = subprocess.run(
            [sys.executable, "-m", "airflow", *arguments],
            env=environment(self.stack.settings),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-1000:]
