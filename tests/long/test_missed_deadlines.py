"""Deadlines that are really missed on a real Airflow, and what reaches the operator's mailbox and chat at night.

Airflow runs a copy of the project whose `week.py` gives three pipelines some seconds instead of an hour. The scheduler
creates each run, its deadline passes while the run cannot go on, and the triggerer sends the alert: as a mail to a mail
server, and as a message to an HTTP server. Nothing calls the callback or changes a deadline.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from dev.local.airflow_environment import admin_password
from dev.local.source import Sandbox
from dev.local.week_run import PlannedRun
from fpl_pulse.cli.status import week_lines
from fpl_pulse.runbook import DOCS_URL
from fpl_pulse.store import week_status
from fpl_pulse.week import LONDON, PIPELINES, in_london
from tests.dags.week_copies import copy_with_week
from tests.db.sinks import CONNECTION, PASSWORD, Mail, Mailbox, Sink, connection_to, mailbox
from tests.long.operator_stack import OperatorStack, stack_of_kind
from tests.long.operator_steps import HEATMAPS, LINEUPS, MAPPINGS
from tests.long.stack_under_test import DATA

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

SECONDS = 40
CLOCK = HEATMAPS.as_of + timedelta(hours=1)
"""The clock of the sandbox. The runs work for its time, and begin and have deadlines by the wall clock."""

SHORT_DEADLINES = {
    f"{limit}, {done_by}": f"{limit}, timedelta(seconds={SECONDS})"
    for limit, done_by in (
        ('"Fixture mappings", 0, 2, timedelta(minutes=10)', "HOUR"),
        ('"Lineups", 1, 3, timedelta(minutes=15)', "HOUR"),
        ('"Heatmaps", 1, 4, timedelta(minutes=30)', "1.5 * HOUR"),
    )
}
DOCS = "https://git.example.org/pulse/blob/main"
RUNBOOK = f"Runbook: {DOCS}/docs/runbook.md#a-run-is-late"
FPL_IS_DOWN = [{"match": {"endpoint": "fpl/*"}, "fault": "http_503"}]
POOL = "pools/sofasport"
SLOTS = {"pool": "sofasport", "slots": 4, "include_deferred": False}


@dataclass
class Missed:
    """A deadline that was missed, and what was delivered about it."""

    planned: PlannedRun
    run_id: str
    deadline: datetime
    """As Airflow has stored it."""
    attempts: dict[str, datetime]
    """Task id -> when its newest attempt had begun."""
    mails: list[Mail]
    messages: list[dict[str, str]]
    screen: str

    @property
    def subject(self) -> str:
        """What the alert should be called."""
        day = CLOCK.astimezone(LONDON)
        return f"deadline missed, {self.planned.slot.display_name}, run of {day.day} {day:%B}"


@dataclass
class Night:
    """The stack with its two recipients, and the deadlines that were missed."""

    stack: OperatorStack
    box: Mailbox
    missed: dict[str, Missed]
    """By what kept the run from ending."""

    def start(self, planned: PlannedRun) -> str:
        """Unpause a pipeline: the scheduler creates the run of the newest slot. Returns its id."""
        dag_id = planned.slot.dag_id
        self.stack.airflow.unpause(dag_id)
        self.stack.wait_until(f"{dag_id} runs on its schedule", lambda: bool(self.stack.airflow.run_ids(dag_id)))
        (run_id,) = self.stack.airflow.run_ids(dag_id)
        return run_id

    def miss(self, name: str, planned: PlannedRun, run_id: str) -> None:
        """Wait until the deadline has passed, and record what was delivered about it."""
        mails, messages = len(self.box.mails), len(self.stack.sink.received)
        self.stack.wait_until(f"the deadline of {run_id} is mailed", lambda: len(self.box.mails) > mails, 240)
        self.stack.wait_until_reported(run_id)
        ((deadline,),) = self.stack.airflow_rows(
            "select deadline_time from deadline join dag_run on dag_run.id = deadline.dagrun_id"
            " where dag_run.dag_id = %s and missed",
            planned.slot.dag_id,
        )
        attempts = self.stack.rows(
            "select distinct on (task_id) task_id, started_at from pulse.task_attempts"
            " where dag_id = %s and run_id = %s order by task_id, try_number desc",
            planned.slot.dag_id, run_id,
        )  # fmt: skip
        self.missed[name] = Missed(
            planned,
            run_id,
            deadline,
            dict(attempts),
            self.box.mails[mails:],
            self.stack.sink.received[messages:],
            self.screen(),
        )
        print(*self.box.mails[mails:], self.missed[name].screen, sep="\n")

    def screen(self) -> str:
        """What `make status` prints."""
        with psycopg.connect(self.stack.server.dsn(DATA), autocommit=True) as conn:
            week_status.set_now(conn, CLOCK)
            return "\n".join(week_lines(week_status.read(conn), 110))


def play(night: Night) -> None:
    """Miss a deadline without a free slot in the pool, one in an outage, and one while waiting; then let all go on."""
    stack = night.stack
    stack.wait_until("Airflow has read the DAGs", lambda: set(PIPELINES) <= stack.airflow.dag_ids())
    stack.airflow._call("PATCH", POOL, {**SLOTS, "slots": 0})
    mappings = night.start(MAPPINGS)
    night.miss("full pool", MAPPINGS, mappings)
    stack.airflow._call("PATCH", POOL, SLOTS)
    assert stack.wait_for_end(MAPPINGS, mappings) == "success", stack.tasks_that_failed()
    stack.inject(FPL_IS_DOWN)
    lineups = night.start(LINEUPS)
    night.miss("outage", LINEUPS, lineups)
    heatmaps = night.start(HEATMAPS)
    night.miss("wait", HEATMAPS, heatmaps)
    stack.inject([])
    assert stack.wait_for_end(LINEUPS, lineups) == "success", stack.tasks_that_failed()
    assert stack.wait_for_end(HEATMAPS, heatmaps) == "success", stack.tasks_that_failed()


@contextmanager
def night_stack(folder: Path) -> Iterator[Night]:
    """A stack with the changed week and two recipients."""
    project = copy_with_week(folder / "project", SHORT_DEADLINES)
    with mailbox() as box:

        def variables(sandbox: Sandbox, sink: Sink) -> dict[str, str]:
            return {
                **sandbox.source.variables,
                CONNECTION: connection_to(box.url, sink.url),
                "PYTHONPATH": str(project / "include"),
                DOCS_URL: DOCS,
            }

        with stack_of_kind(OperatorStack, folder, CLOCK, schedules=True, project=project, variables=variables) as stack:
            yield Night(stack, box, {})


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    """Play the night once."""
    with night_stack(tmp_path_factory.mktemp("deadlines")) as night:
        play(night)
        yield night


def expected(night: Night, name: str, why: str) -> str:
    """The whole text about a missed deadline."""
    one = night.missed[name]
    dag_id = one.planned.slot.dag_id
    url = f"{night.stack.local.settings.url}/dags/{dag_id}/runs/{quote(one.run_id, safe='')}"
    return (
        f"{one.subject}\n{one.planned.slot.display_name} has not finished by its deadline, {in_london(one.deadline)};"
        f" its state is running. {why} Look at {url}. {RUNBOOK}"
    )


def test_each_missed_deadline_is_delivered_once_to_each_recipient(night: Night) -> None:
    assert list(night.missed) == ["full pool", "outage", "wait"]
    for one in night.missed.values():
        assert [mail.subject for mail in one.mails] == [f"FPL Pulse: {one.subject}"]
        assert [message["title"] for message in one.messages] == [f"FPL Pulse: {one.subject}"]
    assert (len(night.box.mails), len(night.stack.sink.received)) == (3, 3)
    alerts = night.stack.rows("select kind, deliveries, notified_at is not null, delivery_error from pulse.alerts")
    assert alerts == [("deadline_missed", 1, True, None)] * 3


def test_the_mail_is_plain_text_for_the_operator_and_says_the_same_as_the_message(night: Night) -> None:
    for one in night.missed.values():
        ((mail,), (message,)) = (one.mails, one.messages)
        assert (mail.to, mail.content_type) == ("operator@example.org", "text/plain")
        assert mail.text == message["message"].strip()


def test_a_run_without_a_started_task_says_what_to_look_at(night: Night) -> None:
    (mail,) = night.missed["full pool"].mails
    assert mail.text == expected(
        night,
        "full pool",
        "No task has started: the DAG is paused, the pool is full, another run of the DAG is active, or the executor"
        " has no worker.",
    )


def test_a_run_in_an_outage_says_what_failed_and_that_it_is_retried(night: Night) -> None:
    (mail,) = night.missed["outage"].mails
    error = night.stack.rows(
        "select message from pulse.task_attempts where run_id = %s and task_id = 'refresh_results' and state = 'failed'"
        " order by try_number",
        night.missed["outage"].run_id,
    )[0][0]
    assert "status 503" in error
    assert f"The last error: {error.rstrip('.')}." in mail.text
    assert "What may pass by itself is retried until shortly before the next pipeline needs the run." in mail.text
    assert mail.text.startswith(expected(night, "outage", "").partition("; its state")[0])
    assert mail.text.endswith(expected(night, "outage", "").rpartition(" Look at")[2])


def test_a_run_that_waits_names_the_other_run_and_since_when(night: Night) -> None:
    one = night.missed["wait"]
    (mail,) = one.mails
    since = in_london(one.attempts["wait_for_update_lineups"])
    assert mail.text == expected(
        night, "wait", f"It has been waiting for {LINEUPS.slot.display_name} since {since}: look at that run first."
    )


def test_the_deadline_is_the_one_of_the_week_and_airflow_shows_it_as_missed(night: Night) -> None:
    assert {is_missed for _, is_missed in night.stack.deadlines()} == {True}
    for one in night.missed.values():
        ((started,),) = night.stack.airflow_rows(
            "select queued_at from dag_run where dag_id = %s and run_id = %s", one.planned.slot.dag_id, one.run_id
        )
        assert 0 <= (one.deadline - started).total_seconds() - SECONDS < 10


def test_the_status_shows_the_missed_deadline(night: Night) -> None:
    for name in ("outage", "wait"):
        one = night.missed[name]
        (row,) = [line for line in one.screen.splitlines() if f"  {one.planned.slot.title} " in line]
        assert row.endswith("MISSED")
    # The store does not know of a run of which no task has started, except from the alert.
    full = night.missed["full pool"]
    assert f"{full.subject}: {full.planned.slot.display_name} has not finished" in " ".join(full.screen.split())


def test_the_green_runs_close_the_alerts_and_send_nothing(night: Night) -> None:
    assert night.stack.rows("select count(*) from pulse.alerts where closed_at is null") == [(0,)]


def test_nothing_that_was_delivered_holds_a_secret(night: Night) -> None:
    stack = night.stack
    delivered = str([night.box.mails, stack.sink.received])
    for secret in (stack.sandbox.key, admin_password(stack.sandbox.layout), PASSWORD, stack.server.password):
        assert secret not in delivered
