"""A running Airflow under test: its two databases, and the waits of the tests.

The tests shorten waits only: before a retry (30 s), until Airflow notices a killed worker (30 s), and until a sensor
gives up (1 h).
"""

import time
from collections.abc import Callable
from typing import Any

import psycopg

from dev.local.airflow_api import FINISHED, AirflowApi, TaskState
from dev.local.week_run import PlannedRun


class AirflowUnderTest:
    """What the tests read and wait for. A subclass says where the Airflow is."""

    @property
    def airflow(self) -> AirflowApi:
        """The REST client of the running Airflow."""
        raise NotImplementedError

    @property
    def airflow_dsn(self) -> str:
        """The address of Airflow's metadata database."""
        raise NotImplementedError

    @property
    def data_dsn(self) -> str:
        """The address of the product's database."""
        raise NotImplementedError

    def rows(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Run a query on the product's database and return its rows."""
        with psycopg.connect(self.data_dsn) as conn:
            return conn.execute(statement.encode(), parameters).fetchall()

    def airflow_rows(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Run a statement on Airflow's metadata database and return its rows."""
        with psycopg.connect(self.airflow_dsn) as conn:
            return conn.execute(statement.encode(), parameters).fetchall()

    def change(self, statement: str, *parameters: object) -> None:
        """Run a statement on the product's database. It must change at least one row."""
        with psycopg.connect(self.data_dsn) as conn:
            assert conn.execute(statement.encode(), parameters).rowcount > 0

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

    def calls(self, run_id: str) -> int:
        """Return the number of SofaSport calls of a run."""
        return int(
            self.rows("select count(*) from pulse.api_calls where run_id = %s and api = 'sofasport'", run_id)[0][0]
        )

    def tasks_that_failed(self) -> list[tuple[Any, ...]]:
        """Run, task and message of every failed attempt, for the message of a failed test."""
        return self.rows("select run_id, task_id, message from pulse.task_attempts where state = 'failed'")
