"""Starting and stopping the local stack without a complete Airflow."""

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
    shared_settings,
)
from dev.local.airflow_stack import LocalStack
from dev.local.errors import LocalStackError
from dev.local.layout import Layout
from dev.local.processes import StartedProcess, same_process
from dev.local.stack_record import StackRecord

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
PROJECT = Path(airflow_stack.__file__).parents[2]


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(project=tmp_path, state=tmp_path / ".local")


@pytest.fixture
def stack(layout: Layout) -> Iterator[LocalStack]:
    local = new_stack(layout)
    yield local
    local.stop()


def new_stack(layout: Layout, *, keep_running: bool = False) -> LocalStack:
    return LocalStack(
        layout, {}, databases=DEMO_DATABASES, schedules=False, on_progress=lambda _line: None, keep_running=keep_running
    )


def test_a_second_start_names_the_process_that_uses_the_stack(stack: LocalStack, layout: Layout) -> None:
    stack.reserve()
    with pytest.raises(LocalStackError, match=f"in use by process {os.getpid()}"):
        new_stack(layout).reserve()


def test_a_second_start_names_the_address_of_the_running_stack(layout: Layout) -> None:
    left = new_stack(layout, keep_running=True)
    left.reserve()
    part = left.start_process("part", SLEEP, os.environ)
    record = StackRecord.load(layout)
    assert record is not None
    record.url = "http://127.0.0.1:1"
    record.save(layout)
    left.leave_running()
    with pytest.raises(LocalStackError, match=r"already running at http://127\.0\.0\.1:1; stop it with `make down`"):
        new_stack(layout).reserve()
    assert part.is_alive()
    assert record.stop() == 1
    assert not part.is_alive()


def test_a_finished_command_is_removed_from_the_record(
    stack: LocalStack, layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.reserve()
    monkeypatch.setattr(sys, "executable", "/bin/echo")
    stack._run_commands({"airflow-migration": ("airflow",)}, os.environ)
    record = StackRecord.load(layout)
    assert record is not None
    assert record.processes == []


def test_the_error_of_a_failed_migration_has_its_last_line_and_its_log(
    stack: LocalStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.reserve()
    monkeypatch.setattr(sys, "executable", "/bin/ls")
    with pytest.raises(LocalStackError, match=r"The airflow migration failed: .* \(see .*migration\.log\)"):
        stack._run_commands({"airflow-migration": ("airflow", "db", "migrate")}, os.environ)


def test_the_next_start_stops_what_a_killed_launcher_left_running(stack: LocalStack, layout: Layout) -> None:
    layout.make()
    left = subprocess.Popen(SLEEP, start_new_session=True)
    ended = StartedProcess("launcher", left.pid, 0.0)
    part = StartedProcess.of("scheduler", left.pid)
    StackRecord(ended, keeps_running=True, processes=[part]).save(layout)
    stack.reserve()
    assert not part.is_alive()
    left.wait()


def test_a_record_of_another_version_is_reported(stack: LocalStack, layout: Layout) -> None:
    layout.make()
    layout.record.write_text('{"starter": {"pid": 1}, "processes": []}')
    with pytest.raises(LocalStackError, match=r"running\.json was written by another version"):
        stack.reserve()


def test_a_failed_start_stops_what_was_started(
    stack: LocalStack, layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[StartedProcess] = []

    def fail_after_one_process() -> None:
        started.append(stack.start_process("scheduler", SLEEP, os.environ))
        raise LocalStackError("no")

    monkeypatch.setattr(stack, "_start_all", fail_after_one_process)
    with pytest.raises(LocalStackError, match="no"):
        stack.start()
    assert not started[0].is_alive()
    assert not layout.record.exists()
    stack.reserve()


def test_nothing_keeps_running_after_kill_9_of_the_launcher(layout: Layout) -> None:
    code = (
        f"import os, sys, time; sys.path.insert(0, {str(PROJECT)!r})\n"
        "from pathlib import Path\n"
        "from dev.local.airflow_environment import DEMO_DATABASES\n"
        "from dev.local.airflow_stack import LocalStack\n"
        "from dev.local.layout import Layout\n"
        f"layout = Layout(Path({str(layout.project)!r}), Path({str(layout.state)!r}))\n"
        "stack = LocalStack(layout, {}, databases=DEMO_DATABASES, schedules=False, on_progress=print)\n"
        "stack.reserve()\n"
        f"part = stack.start_process('part', {SLEEP!r}, os.environ)\n"
        "print(part.pid, part.created_at, flush=True); time.sleep(60)\n"
    )
    launcher = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert launcher.stdout is not None
    pid, created_at = launcher.stdout.readline().split()
    launcher.kill()
    launcher.wait()
    launcher.stdout.close()
    psutil.wait_procs([psutil.Process(int(pid))] if psutil.pid_exists(int(pid)) else [], timeout=10)
    assert not same_process(int(pid), float(created_at))


def test_the_error_of_a_component_that_ends_has_its_last_line_and_its_log(stack: LocalStack, layout: Layout) -> None:
    stack.reserve()
    ending = stack.start_process("scheduler", [sys.executable, "-c", "print('no such table')"], os.environ)
    psutil.wait_procs([psutil.Process(ending.pid)], timeout=10)
    with pytest.raises(
        LocalStackError, match=r"Airflow's scheduler ended during the start: no such table \(see .*scheduler\.log\)"
    ):
        stack._wait_until_healthy([ending])


def settings(layout: Layout) -> AirflowSettings:
    layout.make()
    connections = {"AIRFLOW_CONN_FPL_POSTGRES": postgres_connection(1, "x", "demo")}
    return AirflowSettings(layout, 8123, "postgresql://pulse:x@127.0.0.1:1/airflow", False, connections)


def test_secrets_are_private_random_and_stored(layout: Layout, tmp_path: Path) -> None:
    env = environment(settings(layout))
    other = environment(settings(Layout(tmp_path, tmp_path / "other")))
    for name in ("CORE__FERNET_KEY", "API__SECRET_KEY", "API_AUTH__JWT_SECRET"):
        key = f"AIRFLOW__{name}"
        assert env[key] == environment(settings(layout))[key]
        assert env[key] != other[key]
    secrets = [*layout.secrets.iterdir(), layout.airflow_home / "passwords.json"]
    assert {path.stat().st_mode & 0o777 for path in secrets} == {0o600}
    assert admin_password(layout) in (layout.airflow_home / "passwords.json").read_text()


def test_airflow_settings_of_the_caller_are_ignored(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW__CORE__LOAD_EXAMPLES", "True")
    monkeypatch.setenv("AIRFLOW__SMTP__SMTP_HOST", "mail.example.org")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("AIRFLOW_CONN_FPL_POSTGRES", "postgres://production")
    env = environment(settings(layout))
    assert env["AIRFLOW__CORE__LOAD_EXAMPLES"] == "False"
    assert "AIRFLOW__SMTP__SMTP_HOST" not in env
    assert "PYTHONDONTWRITEBYTECODE" not in env
    assert "production" not in env["AIRFLOW_CONN_FPL_POSTGRES"]


def test_airflow_gets_the_shared_settings(layout: Layout) -> None:
    shared = shared_settings()
    assert shared["AIRFLOW__CORE__LOAD_EXAMPLES"] == "False"
    assert shared.items() <= environment(settings(layout)).items()


def test_airflow_can_import_the_functions_that_its_settings_name(layout: Layout) -> None:
    env = environment(settings(layout))
    module, _, function = env["AIRFLOW__CORE__HOSTNAME_CALLABLE"].rpartition(".")
    code = f"import importlib; print(importlib.import_module({module!r}).{function}())"
    result = subprocess.run(
        [sys.executable, "-c", code], env=env, cwd=layout.state, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr


def test_the_users_metrics_settings_are_kept(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW__METRICS__STATSD_ON", "True")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector.example.org:4318")
    env = environment(settings(layout))
    assert env["AIRFLOW__METRICS__STATSD_ON"] == "True"
    assert env["OTEL_EXPORTER_OTLP_ENDPOINT"] == "http://collector.example.org:4318"


def test_loopback_is_exempt_from_the_users_proxy(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example.org:3128")
    monkeypatch.setenv("no_proxy", "intranet.example.org")
    env = environment(settings(layout))
    assert env["HTTP_PROXY"] == "http://proxy.example.org:3128"
    assert env["no_proxy"] == env["NO_PROXY"] == "intranet.example.org,127.0.0.1,localhost"


def test_a_port_in_use_is_reported_before_anything_is_started(layout: Layout) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        printed: list[str] = []
        stack = LocalStack(
            layout, {}, databases=DEMO_DATABASES, schedules=False, on_progress=printed.append, ui_port=port
        )
        with pytest.raises(LocalStackError, match=f"Port {port} is in use by another program; set FPL_PULSE_UI_PORT"):
            stack.start()
    assert printed == []
    assert not layout.record.exists()
