"""`make up` as a user types it, in a path with spaces and umlauts: a first start, a second one, one after a crash."""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from dev.local.airflow_api import FINISHED, AirflowApi
from dev.local.airflow_environment import ADMIN, admin_password
from dev.local.source import Sandbox
from dev.local.stack_record import StackRecord
from fpl_pulse.week import WEEK
from tests.local.typed_commands import NOISE, Checkout, copy_project, output

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

SILENT = json.dumps({"conn_type": "http", "host": "http://127.0.0.1:1", "password": "not-a-real-key"})
"""A connection to a source that does not respond."""


@dataclass(frozen=True)
class Typed:
    """What the commands printed, in the order in which they were typed."""

    checkout: Checkout
    first: str
    again: str
    dag_list: str
    manual_log: str
    """Log of a manual update of a pipeline that somebody had paused."""
    switched_on: str
    ports: tuple[str, str]
    """The stored ports before and after the crash."""
    status_of_the_wreck: str
    after_crash: str
    with_connections: str
    status_after_down: str


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Typed]:
    """Type everything once."""
    checkout = copy_project(tmp_path_factory.mktemp("up") / "Fußball für Ängstliche")
    try:
        yield _type_all(checkout)
    finally:
        checkout.type("make down")
        checkout.type("make clean")


def _type_all(checkout: Checkout) -> Typed:
    first = output(checkout.type("make up"))
    again = output(checkout.type("make up"))
    dag_list = output(checkout.type("make airflow ARGS='dags list'"))
    output(checkout.type("make airflow ARGS='dags pause update_lineups'"))
    manual_log = _log_of_manual_update(checkout, first)
    switched_on = output(checkout.type("make up UNPAUSE=1"))
    clock = Sandbox.clock_url_of(checkout.layout)
    assert requests.post(clock, json={"as_of": "2025-10-15T02:00:00Z"}, timeout=10).ok
    ports = checkout.layout.state / "ports.json"
    before = ports.read_text()
    _kill_everything(checkout)
    wreck = output(checkout.type("make status"))
    after_crash = output(checkout.type("make up"))
    after = ports.read_text()
    output(checkout.type("make down"))
    real = output(checkout.type("make up", AIRFLOW_CONN_SOFASPORT_API=SILENT, AIRFLOW_CONN_FPL_API=SILENT))
    output(checkout.type("make down"))
    return Typed(
        checkout, first, again, dag_list, manual_log, switched_on, (before, after), wreck, after_crash, real,
        output(checkout.type("make status")),
    )  # fmt: skip


def _log_of_manual_update(checkout: Checkout, printed: str) -> str:
    """Trigger a manual update of the paused pipeline, and return its log after it has failed."""
    airflow = AirflowApi(_address(printed), ADMIN, admin_password(checkout.layout))
    airflow.trigger("run_manual_update", "of_a_paused_one", None, {"pipeline": "update_lineups"})
    until = time.monotonic() + 90
    while (state := airflow.run_state("run_manual_update", "of_a_paused_one")) not in FINISHED:
        assert time.monotonic() < until, state
        time.sleep(0.5)
    (task,) = airflow.task_states("run_manual_update", "of_a_paused_one")
    return "\n".join(airflow.log_lines("run_manual_update", "of_a_paused_one", task))


def _kill_everything(checkout: Checkout) -> None:
    record = StackRecord.load(checkout.layout)
    assert record is not None
    for part in record.processes:
        for process in part.members():
            process.kill()


def _address(printed: str) -> str:
    found = re.search(r"^Airflow: (http://127\.0\.0\.1:\d+)$", printed, re.MULTILINE)
    assert found, printed
    return found[1]


def test_the_first_start_shows_address_login_and_data_and_has_switched_the_sandbox_on(typed: Typed) -> None:
    assert f"Login:   admin / {admin_password(typed.checkout.layout)}\n" in typed.first
    assert "from the sandbox, whose clock shows 15 October 2025, 03:00 UTC. No DAG runs on its schedule" in typed.first
    assert "All pipelines are switched on and wait for a trigger" in typed.first
    assert not NOISE.search(typed.first)


def test_a_second_start_shows_the_same_address_and_login(typed: Typed) -> None:
    assert "The local stack is already running\n" in typed.again
    rest = typed.first[typed.first.index("Airflow: ") :]
    assert typed.again.endswith(rest)
    assert _address(typed.again) == _address(typed.first)


def test_the_list_of_dags_has_no_warnings(typed: Typed) -> None:
    assert "update_radar_attributes" in typed.dag_list
    assert not NOISE.search(typed.dag_list)


def test_a_manual_update_of_a_paused_pipeline_says_what_to_do(typed: Typed) -> None:
    assert "Tue 03:00 · Lineups is paused, so a run of it would wait in the queue" in typed.manual_log
    assert "airflow dags unpause update_lineups" in typed.manual_log
    assert "All pipelines are switched on" in typed.switched_on


def test_a_start_after_a_crash_keeps_the_ports_and_the_clock(typed: Typed) -> None:
    assert typed.ports[0] == typed.ports[1]
    assert sorted(json.loads(typed.ports[1])) == ["postgres", "sandbox", "ui"]
    assert _address(typed.after_crash) == _address(typed.first)
    assert "whose clock shows 15 October 2025, 02:00 UTC" in typed.after_crash


def test_with_connections_everything_is_paused_and_the_start_says_what_switching_on_runs(typed: Typed) -> None:
    paused = typed.with_connections.split("Paused, so they do not run:\n")[1]
    for slot in WEEK:
        line = next(line for line in paused.splitlines() if slot.display_name in line)
        assert re.search(rf"switched on, the slot of {slot.day} \d+ \w+ runs at once$", line), line
    assert "about 3,300 calls to SofaSport" in paused
    assert "To switch them on: `make up UNPAUSE=1`, or the switches in the UI." in paused


def test_the_status_of_a_stack_that_is_down_or_was_killed_is_no_error_of_make(typed: Typed) -> None:
    for printed in (typed.status_of_the_wreck, typed.status_after_down):
        assert printed == "The local stack is not running. Start it with `make up`.\n"


def test_the_copy_is_in_a_path_with_spaces_and_umlauts(typed: Typed) -> None:
    assert Path(typed.checkout.folder).name == "Fußball für Ängstliche"
