"""An installation of the product as an operator has it: a folder with `.env`, in which `make up` was typed.

The sandbox stands for the real APIs, behind a server that a test can let answer in its place. The data is on a Postgres
server of its own, which a test can stop. The schedule is on. A test moves to a week by the sandbox's clock, and lets a
slot come due by moving Airflow's idea of the next one.
"""

import json
import shlex
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import psutil

from dev.hostile.corruption import Corruption
from dev.local.airflow_api import FINISHED, AirflowApi
from dev.local.airflow_environment import ADMIN, POSTGRES_CONNECTION, admin_password, postgres_connection
from dev.local.postgres import EmbeddedPostgres
from dev.local.processes import local_session
from dev.local.source import FPL_CONNECTION, SOFASPORT_CONNECTION, Sandbox
from dev.local.stack_record import StackRecord
from dev.local.week_run import PlannedRun, plan_week
from fpl_pulse.api.source_clock import SOURCE_CLOCK
from fpl_pulse.week import PIPELINES
from tests.local.typed_commands import Checkout
from tests.long.airflow_under_test import AirflowUnderTest
from tests.long.runbook import ui
from tests.long.runbook.front import Front

DATA = "fpl_pulse"
FIRST_WEEK = plan_week(date(2025, 8, 25))
WEEK = plan_week(date(2025, 9, 1))
"""The week in which most situations arise."""
MAPPINGS, LINEUPS, HEATMAPS, STATISTICS, ATTRIBUTES = WEEK


@dataclass(frozen=True)
class Snapshot:
    """The state of the data at some time, and the runs that Airflow had then."""

    database: str
    clock: datetime
    runs: frozenset[tuple[str, str]]


@dataclass
class Installation(AirflowUnderTest):
    """A running installation."""

    checkout: Checkout
    server: EmbeddedPostgres
    sandbox: Sandbox
    front: Front
    settings: dict[str, str] = field(default_factory=dict)
    """What `.env` holds in addition to the connections."""
    snapshots: dict[str, Snapshot] = field(default_factory=dict)
    _clients: dict[str, AirflowApi] = field(default_factory=dict)

    @property
    def airflow(self) -> AirflowApi:
        """The REST client of the running Airflow."""
        url = self._record.url
        return self._clients.setdefault(url, AirflowApi(url, ADMIN, admin_password(self.checkout.layout)))

    @property
    def airflow_dsn(self) -> str:
        """The address of Airflow's metadata database."""
        address = self.environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]
        return address.replace("+psycopg2", "", 1)

    @property
    def data_dsn(self) -> str:
        """The address of the product's database."""
        return self.server.dsn(DATA)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the running scheduler."""
        found = self._record.environment()
        assert found is not None, "The scheduler is not running."
        return found

    @property
    def _record(self) -> StackRecord:
        record = StackRecord.load(self.checkout.layout)
        assert record is not None, "The stack is not running."
        return record

    def type(self, command: str) -> subprocess.CompletedProcess[str]:
        """Type a command in the folder, in a shell that has read `.env` as README says."""
        started = time.monotonic()
        done = self.checkout.type(f"set -a; . ./.env; set +a\n{command}")
        print(f"    {time.monotonic() - started:5.1f} s  {command}", flush=True)
        return done

    def write_settings(self, **changed: str) -> None:
        """Write `.env`: the connections as they are now, and other settings."""
        self.settings |= changed
        key = {"password": self.front.key, "extra": {"x-rapidapi-host": "sandbox", "timeout": 30}}
        connections = {
            SOFASPORT_CONNECTION: json.dumps({"conn_type": "http", "host": self.front.url, **key}),
            FPL_CONNECTION: json.dumps({"conn_type": "http", "host": self.front.url, "extra": {"timeout": 30}}),
            POSTGRES_CONNECTION: postgres_connection(self.server.port, self.server.password, DATA),
            SOURCE_CLOCK: str(self.sandbox.source.clock_url),
            "FPL_PULSE_CALLS_PER_SECOND": "200",
        }
        lines = (f"{name}={shlex.quote(value)}\n" for name, value in (connections | self.settings).items())
        (self.checkout.folder / ".env").write_text("".join(lines))

    def control(self, path: str, body: Mapping[str, object]) -> None:
        """Set something in the sandbox: `clock`, `limits`, `reset` or `summer`."""
        url = str(self.sandbox.source.clock_url).replace("/clock", f"/{path}")
        assert local_session().post(url, json=body, timeout=10).ok

    def source_answers(self, *corruptions: Corruption) -> None:
        """Replace what the sources do wrong; without arguments they are in order again."""
        self.front.corruptions = corruptions

    def run(self, planned: PlannedRun, conf: Mapping[str, object] | None = None) -> str:
        """Trigger a run manually at the time of its slot. Returns its id."""
        self.sandbox.source.set_clock(planned.as_of)
        return ui.trigger(self, planned.slot.dag_id, conf)

    def run_until(self, state: str, planned: PlannedRun, conf: Mapping[str, object] | None = None) -> str:
        """Trigger a run manually and wait for its end, which must be this state. Returns its id."""
        run_id = self.run(planned, conf)
        assert self.wait_for_end(planned, run_id) == state, self.evidence(planned, run_id)
        return run_id

    def come_due(self, planned: PlannedRun) -> str:
        """Let a slot come: Airflow's scheduler creates the scheduled run of an unpaused DAG. Returns its id."""
        self.sandbox.source.set_clock(planned.as_of)
        found: list[str] = []

        def exists() -> bool:
            rows = self.airflow_rows(
                "select run_id from dag_run where dag_id = %s and run_type = 'scheduled' and logical_date = %s",
                planned.slot.dag_id, planned.as_of,
            )  # fmt: skip
            found[:] = [row[0] for row in rows]
            if not found:
                # The dag-processor writes the real next slot from time to time.
                self.airflow_rows(
                    "update dag set next_dagrun = slot.at, next_dagrun_data_interval_start = slot.at,"
                    " next_dagrun_data_interval_end = slot.at, next_dagrun_create_after = slot.at"
                    " from (select %s::timestamptz as at) as slot where dag_id = %s returning 1",
                    planned.as_of, planned.slot.dag_id,
                )  # fmt: skip
            return bool(found)

        self.wait_until(f"{planned.slot.dag_id} runs at its slot", exists, 60)
        return found[0]

    def miss_deadline(self) -> None:
        """Shorten the wait until the deadlines of the active runs have passed."""
        self.airflow_rows("update deadline set deadline_time = now() where not missed returning 1")

    def open_alerts(self, planned: PlannedRun, run_id: str | None = None) -> list[str]:
        """The open alerts about a pipeline, or about one of its runs: kind, subject and message in one text each."""
        rows = self.rows(
            "select concat_ws(' ', kind, subject, message) from pulse.alerts where dag_id = %s and closed_at is null"
            " and (%s::text is null or run_id = %s) order by alert_id",
            planned.slot.dag_id, run_id, run_id,
        )  # fmt: skip
        return [row[0] for row in rows]

    def wait_for_alert(self, planned: PlannedRun, kind: str) -> str:
        """Wait until an alert about a pipeline is open. Airflow runs callbacks after the run has failed."""
        found: list[str] = []

        def is_open() -> bool:
            found[:] = [text for text in self.open_alerts(planned) if text.startswith(f"{kind} ")]
            return bool(found)

        self.wait_until(f"the alert {kind} about {planned.slot.dag_id} is open", is_open, 60)
        return found[-1]

    def over_when_green(self, planned: PlannedRun, run_id: str) -> None:
        """Wait until a run is green and its alerts are closed."""
        assert self.wait_for_end(planned, run_id) == "success", self.evidence(planned, run_id)
        self.wait_until("its alerts are closed", lambda: not self.open_alerts(planned, run_id), 30)

    def wait_for_task(self, planned: PlannedRun, run_id: str, task_id: str, *states: str) -> None:
        """Wait until an instance of a task has one of these states."""
        self.wait_until(
            f"{task_id} is {states}",
            lambda: any(task.state in states for task in self.tasks(planned, run_id, task_id)),
            120,
        )

    def kill(self, planned: PlannedRun, run_id: str, task_id: str, try_number: int) -> None:
        """Kill the process of a task in one of its tries, after the try has been recorded."""
        found: list[int] = []

        def runs() -> bool:
            self.shorten_waits(run_id)
            begun = self.rows(
                "select 1 from pulse.task_attempts where run_id = %s and task_id = %s and try_number = %s",
                run_id, task_id, try_number,
            )  # fmt: skip
            rows = self.airflow_rows(
                "select pid from task_instance where dag_id = %s and run_id = %s and task_id = %s"
                " and state = 'running' and try_number = %s and pid is not null",
                planned.slot.dag_id, run_id, task_id, try_number,
            )  # fmt: skip
            found[:] = [row[0] for row in rows] if begun else []
            return bool(found)

        self.wait_until(f"try {try_number} of {task_id} runs", runs)
        psutil.Process(found[0]).kill()

    def let_pauses_end(self) -> None:
        """Shorten the wait until the quota of an hour is there again: the calls were an hour ago."""
        self.change("update pulse.api_calls set called_at = called_at - interval '1 hour'")

    def logs(self) -> Iterator[Path]:
        """All log files: those of the processes and those of the tasks."""
        for folder in (self.checkout.layout.logs, self.checkout.layout.airflow_home / "logs"):
            yield from (path for path in folder.rglob("*") if path.is_file())

    def evidence(self, planned: PlannedRun, run_id: str, *, has_store: bool = True) -> str:
        """What an operator sees of a run that is not green: its alerts, its note, its red tasks and their logs."""
        shown = self.open_alerts(planned, run_id) if has_store else []
        shown.append(str(ui.run_details(self, planned, run_id)["note"] or ""))
        for task in self.tasks(planned, run_id):
            if task.state in ("failed", "up_for_retry"):
                shown += [task.label, *self.airflow.log_lines(planned.slot.dag_id, run_id, task)[-15:]]
        return "\n".join(shown)

    def take_snapshot(self, name: str, clock: datetime) -> None:
        """Keep the data as it is now, with the time of the clock at which a test begins."""
        self.server.create_database(f"at_{name}", template=DATA)
        self.snapshots[name] = Snapshot(f"at_{name}", clock, frozenset(self._runs()))

    def replace_data(self, name: str) -> None:
        """Put the data of a snapshot in place of the present data, and nothing else."""
        self.server.drop_database(DATA)
        self.server.create_database(DATA, template=self.snapshots[name].database)

    def restore(self, name: str) -> None:
        """Go back to a snapshot, with sources in order, all pipelines unpaused, and none of the later runs."""
        snapshot = self.snapshots[name]
        self.source_answers()
        self._delete_runs(self._runs() - snapshot.runs)
        self.replace_data(name)
        self.control("reset", {"all": True})
        self.sandbox.source.set_clock(snapshot.clock)
        for dag_id in PIPELINES:
            ui.unpause(self, dag_id)

    def _runs(self) -> set[tuple[str, str]]:
        return {(dag_id, run_id) for dag_id in PIPELINES for run_id in self.airflow.run_ids(dag_id)}

    def _delete_runs(self, runs: set[tuple[str, str]]) -> None:
        for dag_id, run_id in runs:
            if self.airflow.run_state(dag_id, run_id) not in FINISHED:
                self.airflow.fail_run(dag_id, run_id)
        for dag_id, run_id in runs:
            ui.delete_run(self, dag_id, run_id)
