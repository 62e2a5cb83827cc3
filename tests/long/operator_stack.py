"""A running Airflow that an operator works with, through its command line and REST API, and that sends its alerts."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import requests

from dev.local import postgres_home
from dev.local.airflow_environment import ADMIN, DEMO_DATABASES, admin_password, environment
from dev.local.airflow_stack import LocalStack
from dev.local.layout import PROJECT, Layout
from dev.local.source import Sandbox
from dev.local.week_run import PlannedRun
from fpl_pulse.week import PIPELINES
from tests.db.sinks import CONNECTION, Sink, sink
from tests.long.stack_under_test import StackUnderTest

S = TypeVar("S", bound="OperatorStack")


@dataclass
class OperatorStack(StackUnderTest):
    """A running stack that sends its alerts to a sink."""

    sink: Sink = field(default_factory=Sink)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run an airflow command and return its result, whether it succeeds or not."""
        return subprocess.run(
            [sys.executable, "-m", "airflow", *arguments],
            env=environment(self.local.settings),
            capture_output=True,
            text=True,
            check=False,
        )

    def backfill(self, planned: PlannedRun, first: date, last: date, **conf: object) -> list[str]:
        """Run `airflow backfill create` from one day to another. Returns the run ids after all runs have finished."""
        known = self.airflow.run_ids(planned.slot.dag_id)
        self.wait_until_no_backfill_runs(planned.slot.dag_id)
        self.command(
            "backfill", "create", "--dag-id", planned.slot.dag_id,
            "--from-date", first.isoformat(), "--to-date", last.isoformat(), "--max-active-runs", "1",
            "--dag-run-conf", json.dumps(conf),
        )  # fmt: skip
        found: set[str] = set()

        def runs_exist() -> bool:
            found.update(self.airflow.run_ids(planned.slot.dag_id) - known)
            return bool(found)

        self.wait_until("the backfill has created its runs", runs_exist)
        for run_id in sorted(found):
            self.wait_for_end(planned, run_id)
        return sorted(found)

    def wait_until_no_backfill_runs(self, dag_id: str) -> None:
        """Wait until no backfill runs. Airflow allows one per DAG and marks it completed some seconds late."""
        self.wait_until(
            f"the backfill of {dag_id} is completed",
            lambda: not self.airflow_rows("select 1 from backfill where dag_id = %s and completed_at is null", dag_id),
        )

    def alerts(self) -> list[tuple[str, str, str, bool]]:
        """Return all alerts as (kind, run id, message, is open), oldest first."""
        statement = "select kind, run_id, message, closed_at is null from pulse.alerts order by alert_id"
        return self.rows(statement)

    def wait_until_reported(self, run_id: str, times: int = 1) -> None:
        """Wait until alerts about a run are stored and sent. Airflow runs callbacks after the run has failed."""
        statement = "select subject from pulse.alerts where run_id = %s"

        def is_reported() -> bool:
            subjects = [row[0] for row in self.rows(statement, run_id)]
            titles = [message["title"] for message in self.sink.received]
            # Several alerts about a run can have the same subject.
            sent = {one: sum(one in title for title in titles) for one in subjects}
            return len(subjects) >= times and all(sent[one] >= subjects.count(one) for one in subjects)

        self.wait_until(f"{run_id} is reported {times} times", is_reported)

    def runs(self, *run_ids: str) -> list[dict[str, Any]]:
        """Return the runs as the REST API describes them."""
        found = [run for dag_id in PIPELINES for run in self.airflow._pages(f"dags/{dag_id}/dagRuns", "dag_runs")]
        return [run for run in found if run["dag_run_id"] in run_ids]

    def deadlines(self) -> list[tuple[str, bool]]:
        """Return the deadlines that the UI shows, as (run id, is missed)."""
        login = {"username": ADMIN, "password": admin_password(self.sandbox.layout)}
        url = self.local.settings.url
        token = requests.post(f"{url}/auth/token", json=login, timeout=30).json()["access_token"]
        response = requests.get(
            f"{url}/ui/dags/~/dagRuns/~/deadlines", headers={"Authorization": f"Bearer {token}"}, timeout=30
        )
        return [(one["dag_run_id"], one["missed"]) for one in response.json()["deadlines"]]

    def enable_schedules(self) -> None:
        """Restart the scheduler with schedules enabled. Tests and demos start it with schedules disabled."""
        scheduler = self.local._children["scheduler"]
        scheduler.terminate()
        scheduler.wait(60)
        settings = replace(self.local.settings, schedules=True)
        command = [sys.executable, "-m", "airflow", "scheduler", "--skip-serve-logs"]
        self.local.start_process("scheduler", command, environment(settings))


def connections_of(sandbox: Sandbox, alerts_sink: Sink) -> dict[str, str]:
    """The connections to the sandbox and to the sink."""
    return {**sandbox.source.variables, CONNECTION: alerts_sink.connection()}


@contextmanager
def stack_of_kind(
    kind: type[S],
    folder: Path,
    as_of: datetime,
    *,
    schedules: bool,
    project: Path = PROJECT,
    variables: Callable[[Sandbox, Sink], dict[str, str]] = connections_of,
) -> Iterator[S]:
    """Start Airflow with the sandbox as its source and a sink for its alerts; stop it at the end.

    Args:
        kind: the class of the result.
        folder: for its files.
        as_of: the sandbox's clock.
        schedules: whether runs begin by the schedule.
        project: the folder whose `dags/`, `plugins/` and `include/` Airflow runs.
        variables: the connections, and other variables of Airflow's environment.
    """
    layout = Layout(project, folder / "local")
    sandbox = Sandbox.at(layout, as_of)
    with ExitStack() as cleanup:
        alerts_sink = cleanup.enter_context(sink())
        local = LocalStack(
            layout,
            variables(sandbox, alerts_sink),
            databases=DEMO_DATABASES,
            schedules=schedules,
            on_progress=print,
            calls_per_second="200",
        )
        cleanup.callback(postgres_home.remove, layout.postgres)
        cleanup.callback(local.stop)
        local.reserve()
        sandbox.start(local.start_process)
        local.start()
        yield kind(local, sandbox, local._postgres, sink=alerts_sink)


@contextmanager
def operator_stack(folder: Path, as_of: datetime, *, schedules: bool) -> Iterator[OperatorStack]:
    """An `OperatorStack` with the connections to the sandbox and to the sink, as `stack_of_kind` makes it."""
    with stack_of_kind(OperatorStack, folder, as_of, schedules=schedules) as stack:
        yield stack
