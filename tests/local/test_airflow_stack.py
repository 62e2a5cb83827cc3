"""Starting, refusing a second start, and stopping, without a whole Airflow."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from dev.local import airflow_stack
from dev.local.airflow_environment import (
    DEMO_DATABASES,
    AirflowSettings,
    admin_password,
    environment,
    postgres_connection,
)
from dev.local.airflow_stack import LocalStack
from dev.local.errors import LocalStackError
from dev.local.layout import Layout
from dev.local.processes import Running, same_process
from dev.local.stack_record import StackRecord

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
INCLUDE = Path(airflow_stack.__file__).parents[2]


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(project=tmp_path, state=tmp_path / ".local")


@pytest.fixture
def stack(layout: Layout) -> Iterator[LocalStack]:
    local = new_stack(layout)
    yield local
    local.stop()


def new_stack(layout: Layout, *, outlive_starter: bool = False) -> LocalStack:
    return LocalStack(
        layout,
        {},
        databases=DEMO_DATABASES,
        schedules=False,
        say=lambda _line: None,
        outlive_starter=outlive_starter,
    )


def test_a_second_start_says_who_has_the_stack(stack: LocalStack, layout: Layout) -> None:
    stack.reserve()
    with pytest.raises(LocalStackError, match=f"in use by process {os.getpid()}"):
        new_stack(layout).reserve()


def test_a_start_beside_a_stack_left_running_names_its_address(layout: Layout) -> None:
    left = new_stack(layout, outlive_starter=True)
    left.reserve()
    part = left.run_beside("part", SLEEP, os.environ)
    record = StackRecord.load(layout)
    assert record is not None
    record.url = "http://127.0.0.1:1"
    record.save(layout)
    left.leave_running()
    with pytest.raises(
        LocalStackError, match=r"already runs at http://127\.0\.0\.1:1; stop it with `make down`"
    ):
        new_stack(layout).reserve()
    assert part.is_alive()
    assert record.stop() == 1
    assert not part.is_alive()


def test_a_step_that_is_over_is_no_part_of_what_runs(
    stack: LocalStack, layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.reserve()
    monkeypatch.setattr(sys, "executable", "/bin/echo")
    stack._migrate(os.environ)
    record = StackRecord.load(layout)
    assert record is not None
    assert record.processes == []


def test_a_failed_migration_is_named_with_its_last_words(
    stack: LocalStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.reserve()
    monkeypatch.setattr(sys, "executable", "/bin/ls")
    with pytest.raises(LocalStackError, match=r"The airflow migration failed: .* \(see .*migration\.log\)"):
        stack._migrate(os.environ)


def test_what_a_killed_start_left_is_stopped_by_the_next(stack: LocalStack, layout: Layout) -> None:
    layout.make()
    left = subprocess.Popen(SLEEP, start_new_session=True)
    ended = Running("starter", left.pid, 0.0)
    part = Running.of("scheduler", left.pid)
    StackRecord(ended, outlives_starter=True, processes=[part]).save(layout)
    stack.reserve()
    assert not part.is_alive()
    left.wait()


def test_a_failure_half_way_stops_what_had_been_started(
    stack: LocalStack, layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Running] = []

    def fail_half_way() -> None:
        started.append(stack.run_beside("scheduler", SLEEP, os.environ))
        raise LocalStackError("no")

    monkeypatch.setattr(stack, "_start_parts", fail_half_way)
    with pytest.raises(LocalStackError, match="no"):
        stack.start()
    assert not started[0].is_alive()
    assert not layout.record.exists()
    stack.reserve()


def test_a_killed_starter_leaves_nothing_running(layout: Layout) -> None:
    code = (
        f"import os, sys, time; sys.path.insert(0, {str(INCLUDE)!r})\n"
        "from pathlib import Path\n"
        "from dev.local.airflow_environment import DEMO_DATABASES\n"
        "from dev.local.airflow_stack import LocalStack\n"
        "from dev.local.layout import Layout\n"
        f"layout = Layout(Path({str(layout.project)!r}), Path({str(layout.state)!r}))\n"
        "stack = LocalStack(layout, {}, databases=DEMO_DATABASES, schedules=False, say=print)\n"
        "stack.reserve()\n"
        f"part = stack.run_beside('part', {SLEEP!r}, os.environ)\n"
        "print(part.pid, part.born, flush=True); time.sleep(60)\n"
    )
    starter = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert starter.stdout is not None
    pid, born = starter.stdout.readline().split()
    starter.kill()
    starter.wait()
    starter.stdout.close()
    psutil.wait_procs([psutil.Process(int(pid))] if psutil.pid_exists(int(pid)) else [], timeout=10)
    assert not same_process(int(pid), float(born))


def test_a_component_that_ends_is_named_with_its_last_words(stack: LocalStack, layout: Layout) -> None:
    stack.reserve()
    ending = stack.run_beside("scheduler", [sys.executable, "-c", "print('no such table')"], os.environ)
    psutil.wait_procs([psutil.Process(ending.pid)], timeout=10)
    with pytest.raises(
        LocalStackError, match=r"Airflow's scheduler ended: no such table \(see .*scheduler\.log\)"
    ):
        stack._wait_until_healthy([ending])


def settings(layout: Layout) -> AirflowSettings:
    layout.make()
    connections = {"AIRFLOW_CONN_FPL_POSTGRES": postgres_connection(1, "x", "demo")}
    return AirflowSettings(layout, 8123, "postgresql://pulse:x@127.0.0.1:1/airflow", False, connections)


def test_secrets_are_private_random_and_kept(layout: Layout, tmp_path: Path) -> None:
    env = environment(settings(layout))
    other = environment(settings(Layout(tmp_path, tmp_path / "other")))
    for name in ("CORE__FERNET_KEY", "API__SECRET_KEY", "API_AUTH__JWT_SECRET"):
        key = f"AIRFLOW__{name}"
        assert env[key] == environment(settings(layout))[key]
        assert env[key] != other[key]
    secrets = [*layout.secrets.iterdir(), layout.airflow_home / "passwords.json"]
    assert {path.stat().st_mode & 0o777 for path in secrets} == {0o600}
    assert admin_password(layout) in (layout.airflow_home / "passwords.json").read_text()


def test_a_setting_of_another_airflow_is_not_taken_over(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW__CORE__LOAD_EXAMPLES", "True")
    monkeypatch.setenv("AIRFLOW__SMTP__SMTP_HOST", "mail.example.org")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("AIRFLOW_CONN_FPL_POSTGRES", "postgres://production")
    env = environment(settings(layout))
    assert env["AIRFLOW__CORE__LOAD_EXAMPLES"] == "False"
    assert "AIRFLOW__SMTP__SMTP_HOST" not in env
    assert "PYTHONDONTWRITEBYTECODE" not in env
    assert "production" not in env["AIRFLOW_CONN_FPL_POSTGRES"]


def test_where_the_metrics_go_is_the_callers_to_say(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW__METRICS__STATSD_ON", "True")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector.example.org:4318")
    env = environment(settings(layout))
    assert env["AIRFLOW__METRICS__STATSD_ON"] == "True"
    assert env["OTEL_EXPORTER_OTLP_ENDPOINT"] == "http://collector.example.org:4318"


def test_loopback_stays_off_the_callers_proxy(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example.org:3128")
    monkeypatch.setenv("no_proxy", "intranet.example.org")
    env = environment(settings(layout))
    assert env["HTTP_PROXY"] == "http://proxy.example.org:3128"
    assert env["no_proxy"] == env["NO_PROXY"] == "intranet.example.org,127.0.0.1,localhost"


def test_a_port_that_is_taken_is_said_before_anything_is_started(layout: Layout) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said: list[str] = []
        stack = LocalStack(
            layout, {}, databases=DEMO_DATABASES, schedules=False, say=said.append, ui_port=port
        )
        with pytest.raises(
            LocalStackError, match=f"Port {port} is taken by another program; give FPL_PULSE_UI_PORT"
        ):
            stack.start()
    assert said == []
    assert not layout.record.exists()
