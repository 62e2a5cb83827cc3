"""A running Airflow with which people make mistakes, and everything that an operator sees of a run afterwards.

The key of SofaSport is in a connection of Airflow's own, as if somebody had entered it in the UI, so that it can be
changed while runs go on. The clock of the source is that of the sandbox, as on the local stack.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import psutil
import psycopg

from dev.local.source import SOFASPORT_CONNECTION, Sandbox
from dev.local.week_run import PlannedRun
from fpl_pulse.cli.status import week_lines
from fpl_pulse.store import week_status
from tests.db.sinks import CONNECTION, Sink
from tests.long.compared_stack import ComparedStack
from tests.long.operator_stack import OperatorStack
from tests.long.operator_steps import HEATMAPS, LINEUPS, MAPPINGS
from tests.long.stack_under_test import DATA

SOFASPORT = "sofasport_api"
SLOW_MS = 400
"""Delay of each response while somebody makes a mistake in the middle of a run."""


@dataclass(frozen=True)
class Seen:
    """What an operator sees of a run."""

    state: str
    """Airflow's; empty when Airflow has no such run."""
    row: tuple[str, str] | None
    """State and message in `pulse.pipeline_runs`."""
    note: str
    alerts: list[tuple[str, str, bool]]
    """Kind, message and whether it is open."""
    sent: list[str]
    """The texts of the messages that were sent since the last restore."""
    screen: str
    """What `make status` prints about the week, as of two hours after the slot."""


@dataclass
class MistakeStack(OperatorStack, ComparedStack):
    """A running stack with the results of an undisturbed Monday and Tuesday."""

    def begin_anew(self, planned: PlannedRun) -> None:
        """Restore the data from before a pipeline's run, and forget what was sent."""
        self.end_unfinished_runs()
        self.inject([])
        self.restore_before(planned)
        self.sink.received.clear()

    def end_unfinished_runs(self) -> None:
        """Fail the runs that a failed test has left unfinished: the next run of the DAG would wait for them."""
        for planned in (MAPPINGS, LINEUPS, HEATMAPS):
            dag_id = planned.slot.dag_id
            self.airflow.unpause(dag_id)
            for run_id in self.airflow.run_ids(dag_id, ("queued", "running")):
                self.airflow.fail_run(dag_id, run_id)

    def run_in_its_middle(self, planned: PlannedRun, task_id: str, calls: int = 2) -> tuple[str, psutil.Process]:
        """Trigger a run, and wait until a task of it has made some calls. Returns the run id and the task's process."""
        self.delay_responses(SLOW_MS)
        run_id = self.trigger(planned)
        process = self.process_of(planned, run_id, task_id, calls=calls)
        return run_id, process

    def mark(self, planned: PlannedRun, run_id: str, state: str) -> None:
        """Mark a run as success or failed, as in the UI."""
        self.airflow._call("PATCH", f"dags/{planned.slot.dag_id}/dagRuns/{quote(run_id)}", {"state": state})

    def delete(self, planned: PlannedRun, run_id: str) -> None:
        """Delete a run, as in the UI."""
        self.airflow._call("DELETE", f"dags/{planned.slot.dag_id}/dagRuns/{quote(run_id)}")

    def pause(self, planned: PlannedRun) -> None:
        """Pause a DAG."""
        self.airflow._call("PATCH", f"dags/{planned.slot.dag_id}", {"is_paused": True})

    def enter_key(self, key: str) -> None:
        """Set the password of the connection to SofaSport, as under Admin, Connections."""
        self.airflow._call("PATCH", f"connections/{SOFASPORT}", self._connection(key), {"update_mask": "password"})

    def create_connection(self) -> None:
        """Enter the connection to SofaSport."""
        self.airflow._call("POST", "connections", self._connection(self.sandbox.key))

    def _connection(self, key: str) -> dict[str, Any]:
        """The connection to SofaSport with a key, for the REST API."""
        stored = json.loads(self.sandbox.source.connections[SOFASPORT_CONNECTION])
        extra = json.dumps(stored.pop("extra"))
        return {"connection_id": SOFASPORT, **stored, "password": key, "extra": extra}

    def last_line(self, planned: PlannedRun, run_id: str, task_id: str) -> str:
        """The last line of the log of a failed task."""
        failed = [task for task in self.tasks(planned, run_id, task_id) if task.state == "failed"]
        return self.airflow.log_lines(planned.slot.dag_id, run_id, failed[0])[-1]

    def seen(self, planned: PlannedRun, run_id: str) -> Seen:
        """What an operator sees of a run now."""
        states = self.airflow_rows(
            "select state from dag_run where dag_id = %s and run_id = %s", planned.slot.dag_id, run_id
        )
        row = self.rows(
            "select state, coalesce(message, '') from pulse.pipeline_runs where dag_id = %s and run_id = %s",
            planned.slot.dag_id, run_id,
        )  # fmt: skip
        alerts = self.rows(
            "select kind, message, closed_at is null from pulse.alerts where dag_id = %s and run_id = %s order by 1",
            planned.slot.dag_id, run_id,
        )  # fmt: skip
        notes = [one["note"] or "" for one in self.runs(run_id) if one["dag_id"] == planned.slot.dag_id]
        found = Seen(
            state=str(states[0][0]) if states else "",
            row=(row[0][0], row[0][1]) if row else None,
            note=notes[0] if notes else "",
            alerts=[(kind, message, is_open) for kind, message, is_open in alerts],
            sent=[message["message"] for message in self.sink.received],
            screen=self.screen(planned.as_of + timedelta(hours=2)),
        )
        print(f"\n--- {planned.slot.dag_id} {run_id}: {found.state}\nrow:   {found.row}\nnote:  {found.note}")
        print(*(f"alert: {alert}" for alert in found.alerts), *(f"sent:  {text}" for text in found.sent), sep="\n")
        print(found.screen)
        return found

    def screen(self, now: datetime) -> str:
        """What `make status` prints about the week of a time."""
        with psycopg.connect(self.server.dsn(DATA), autocommit=True) as conn:
            week_status.set_now(conn, now)
            return "\n".join(week_lines(week_status.read(conn), 110))

    def wait_until_gone(self, process: psutil.Process) -> None:
        """Wait until Airflow has ended the process of a task that somebody has stopped."""
        self.wait_until("the task's process has ended", lambda: not process.is_running())
        self.delay_responses(0)

    def assert_complete(self, planned: PlannedRun, *run_ids: str) -> None:
        """The tables equal those of an undisturbed run, and no call was made twice."""
        self.assert_undisturbed_after(planned)
        assert self.repeated_calls(*run_ids) == []


def variables_of(sandbox: Sandbox, alerts_sink: Sink) -> dict[str, str]:
    """The environment of Airflow: all connections but the one to SofaSport, which is entered later."""
    variables = {**sandbox.source.variables, CONNECTION: alerts_sink.connection()}
    del variables[SOFASPORT_CONNECTION]
    return variables


def prepare(stack: MistakeStack) -> None:
    """Enter the key, and run Monday and Tuesday undisturbed."""
    stack.create_connection()
    stack.run_undisturbed((MAPPINGS, LINEUPS, HEATMAPS))
