"""What `make up` keeps from the last start, and what it says when the stack is already running."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import psutil
import pytest
import requests

from dev.local import switches
from dev.local.__main__ import main
from dev.local.airflow_api import AirflowApi
from dev.local.airflow_environment import POSTGRES_CONNECTION, admin_password
from dev.local.commands import STATE_FOLDER
from dev.local.layout import Layout
from dev.local.postgres import EmbeddedPostgres
from dev.local.processes import StartedProcess
from dev.local.running import RunningStack
from dev.local.source import SOFASPORT_CONNECTION, Sandbox
from dev.local.stack_record import StackRecord
from dev.local.stored_ports import StoredPorts
from tests.local.typed_commands import connection_to
from tests.unit.dev_local.test_switches import FakeAirflow

AS_OF = datetime(2025, 10, 13, 1, tzinfo=UTC)


@pytest.fixture
def layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    monkeypatch.setenv(STATE_FOLDER, str(tmp_path / ".local"))
    return Layout(state=tmp_path / ".local")


def test_a_port_is_used_again_where_it_is_free(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dev.local.stored_ports._RELEASE_LIMIT_S", 0.0)
    first = StoredPorts(layout).choose("ui")
    assert StoredPorts(layout).choose("ui") == first
    assert StoredPorts(layout).choose("sandbox") != first
    with socket.create_server(("127.0.0.1", first)):
        other = StoredPorts(layout).choose("ui")
    assert other != first
    assert StoredPorts(layout).choose("ui") == other


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"ui": "8080"}', '{"ui": 0}', '{"ui": 70000}', '{"ui": true}'])
def test_a_damaged_file_with_ports_is_ignored(layout: Layout, text: str) -> None:
    StoredPorts(layout).choose("ui")
    (layout.state / "ports.json").write_text(text)
    assert StoredPorts(layout).last("ui") is None
    assert 0 < StoredPorts(layout).choose("ui") < 2**16


def test_postgres_listens_on_its_port_again_after_a_kill(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "postgres", durable=False)
    try:
        os.kill(server.start().pid, 9)
        port = server.port
        again = EmbeddedPostgres(tmp_path / "postgres", preferred_port=port, durable=False)
        again.start()
        assert again.port == port
        again.stop()
        with socket.create_server(("127.0.0.1", port)):
            elsewhere = EmbeddedPostgres(tmp_path / "postgres", preferred_port=port, durable=False)
            elsewhere.start()
            assert elsewhere.port != port
            elsewhere.stop()
    finally:
        server.remove()


def test_the_sandbox_keeps_its_port_and_its_clock_after_a_kill(layout: Layout) -> None:
    layout.make()
    started: list[subprocess.Popen[bytes]] = []

    def start(name: str, command: list[str], env: dict[str, str]) -> StartedProcess:
        started.append(subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL))
        return StartedProcess.of(name, started[-1].pid)

    try:
        first = Sandbox.again(layout, AS_OF)
        first.start(start)
        assert Sandbox.clock_of(layout) == AS_OF
        wednesday = datetime(2025, 10, 15, 2, tzinfo=UTC)
        first.source.set_clock(wednesday)
        started[0].kill()
        started[0].wait()
        second = Sandbox.again(layout, AS_OF)
        assert (second.port, second.as_of) == (first.port, wednesday)
        second.start(start)
        clock = requests.get(Sandbox.clock_url_of(layout), timeout=10).json()["as_of"]
        assert clock == "2025-10-15T02:00:00Z"
    finally:
        for process in started:
            process.kill()
            process.wait()


@pytest.mark.parametrize("text", ["", "yesterday", "2025-10-15T02:00:00"])
def test_a_damaged_clock_is_ignored(layout: Layout, text: str) -> None:
    layout.make()
    (layout.state / "sandbox-clock").write_text(text)
    assert Sandbox.again(layout, AS_OF).as_of == AS_OF


def connection(host: str) -> str:
    return json.dumps({"conn_type": "http", "host": host})


@pytest.fixture
def airflow(monkeypatch: pytest.MonkeyPatch) -> FakeAirflow:
    fake = FakeAirflow(paused=dict.fromkeys(switches.EVERY_DAG, True))
    monkeypatch.setattr(RunningStack, "_airflow", lambda _self: cast("AirflowApi", fake))
    return fake


@pytest.fixture
def running(layout: Layout, request: pytest.FixtureRequest, dsn: str) -> Iterator[None]:
    """A stack that is up, with the sandbox or with the connections of somebody's environment."""
    layout.make()
    env = {SOFASPORT_CONNECTION: connection("https://real"), POSTGRES_CONNECTION: connection_to(dsn)}
    command = [sys.executable, "-c", "import time; time.sleep(600)"]
    with subprocess.Popen(command, env=env, start_new_session=True) as process:
        while SOFASPORT_CONNECTION not in psutil.Process(process.pid).environ():
            # Until the process executes the command, it has another environment.
            time.sleep(0.01)
        names = ["scheduler", *(["sandbox"] if request.param == "sandbox" else [])]
        parts = [StartedProcess.of(name, process.pid) for name in names]
        record = StackRecord(StartedProcess.of("launcher", os.getpid()), True, "http://127.0.0.1:8123", parts)
        record.save(layout)
        yield
        process.kill()


@pytest.mark.parametrize("running", ["sandbox"], indirect=True)
@pytest.mark.usefixtures("running")
def test_up_on_a_running_stack_prints_its_address_and_login_and_succeeds(
    layout: Layout, airflow: FakeAirflow, capsys: pytest.CaptureFixture[str]
) -> None:
    (layout.state / "sandbox-clock").write_text("2025-10-15T02:00:00Z\n")
    assert main(["up"]) == 0
    printed = capsys.readouterr().out
    for text in (
        "The local stack is already running\n",
        "Airflow: http://127.0.0.1:8123\n",
        f"admin / {admin_password(layout)}\n",
        "The data comes from the sandbox, whose clock shows 15 October 2025, 02:00 UTC. No DAG runs on its schedule, "
        "and a manual run works for that time.\n",
        "All pipelines are switched on and wait for a trigger",
    ):
        assert text in printed
    assert not any(airflow.paused.values())


@pytest.mark.parametrize("running", ["sandbox"], indirect=True)
@pytest.mark.usefixtures("running")
def test_the_pipelines_of_the_sandbox_stay_paused_on_request(
    airflow: FakeAirflow, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["up", "--unpause", "0"]) == 0
    assert "Paused: Mon 02:00 · Fixture mappings, " in capsys.readouterr().out
    assert all(airflow.paused.values())


@pytest.mark.parametrize("running", ["real"], indirect=True)
@pytest.mark.usefixtures("running")
def test_real_pipelines_are_switched_on_only_on_request(
    airflow: FakeAirflow, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["up"]) == 0
    printed = capsys.readouterr().out
    assert "Paused, so they do not run:\n" in printed
    assert "the slot of Tue 14 October runs at once\n" in printed
    assert "A first week fetches all earlier matches of the season: about 3,300 calls" in printed
    assert all(airflow.paused.values())
    assert main(["up", "--unpause", "1"]) == 0
    assert "Switched on:\n" in capsys.readouterr().out
    assert not any(airflow.paused.values())


@pytest.mark.parametrize("running", ["sandbox", "real"], indirect=True)
@pytest.mark.usefixtures("running", "airflow")
def test_up_with_other_connections_than_those_of_the_running_stack_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(SOFASPORT_CONNECTION, connection("https://hush-hush"))
    assert main(["up"]) == 1
    printed = capsys.readouterr().err
    assert "already running at http://127.0.0.1:8123, with " in printed
    assert "run `make down`, then `make up`" in printed
    assert "hush-hush" not in printed


@pytest.mark.parametrize("running", ["real"], indirect=True)
@pytest.mark.usefixtures("running", "airflow")
def test_up_with_the_connections_of_the_running_stack_succeeds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SOFASPORT_CONNECTION, connection("https://real"))
    assert main(["up"]) == 0
