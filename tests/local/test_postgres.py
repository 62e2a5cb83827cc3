"""The embedded Postgres, with real servers."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from dev.local import postgres, postgres_home
from dev.local.errors import LocalStackError
from dev.local.postgres import EmbeddedPostgres
from dev.local.processes import port_is_taken, same_process

PROJECT = Path(postgres.__file__).parents[2]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    embedded = EmbeddedPostgres(tmp_path / "postgres", durable=False)
    yield embedded
    embedded.remove()


def wait_until_gone(pid: int, created_at: float, limit_s: float = 15) -> None:
    until = time.monotonic() + limit_s
    while same_process(pid, created_at):
        assert time.monotonic() < until, f"process {pid} still runs after {limit_s} s"
        time.sleep(0.05)


def start_launcher(folder: Path) -> subprocess.Popen[str]:
    """Another Python process that starts a server, prints the server's pid, and sleeps."""
    code = (
        # A background job of a shell ignores Ctrl-C, and so do its children.
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"import sys, time; sys.path.insert(0, {str(PROJECT)!r})\n"
        "from pathlib import Path\n"
        "from dev.local.postgres import EmbeddedPostgres\n"
        f"with EmbeddedPostgres(Path({str(folder)!r}), durable=False) as server:\n"
        f"    print(server.status().pid, flush=True)\n    time.sleep(60)\n"
    )
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)


def test_the_server_listens_on_loopback_and_requires_its_password(server: EmbeddedPostgres) -> None:
    server.start()
    with psycopg.connect(server.dsn("postgres")) as connection:
        row = connection.execute("select current_setting('listen_addresses'), lower('Ø')").fetchone()
    assert row == ("127.0.0.1", "ø")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(server.dsn("postgres").replace(server.password, "wrong"))


def test_the_password_file_is_private(server: EmbeddedPostgres, tmp_path: Path) -> None:
    server.start()
    assert (tmp_path / "postgres" / "password").stat().st_mode & 0o777 == 0o600
    assert not list(server.home.folder.glob("*initdb-password*"))


def test_the_status_of_a_server_that_was_never_started_creates_no_folder(tmp_path: Path) -> None:
    folder = tmp_path / "never"
    server = EmbeddedPostgres(folder)
    assert server.status() is None
    server.stop()
    assert not folder.exists()
    assert not postgres_home.fallback_folder(folder).exists()


def test_data_survives_a_stop_and_a_start(server: EmbeddedPostgres) -> None:
    server.start()
    assert server.create_database("kept")
    server.stop()
    assert server.status() is None
    server.start()
    assert not server.create_database("kept")


def test_data_survives_a_killed_server(server: EmbeddedPostgres) -> None:
    running = server.start()
    server.create_database("kept")
    os.kill(running.pid, signal.SIGKILL)
    wait_until_gone(running.pid, running.created_at)
    server.stop()
    server.start()
    assert not server.create_database("kept")


def test_an_incomplete_data_folder_is_created_again(server: EmbeddedPostgres) -> None:
    incomplete = server.home.draft
    incomplete.mkdir(mode=0o700)
    (incomplete / "PG_VERSION").write_text("18\n")
    server.start()
    assert not incomplete.exists()
    with psycopg.connect(server.dsn("postgres")) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_a_stale_pid_file_with_the_pid_of_another_program_does_not_prevent_a_start(server: EmbeddedPostgres) -> None:
    server.start()
    server.stop()
    pid_file = server.home.data / "postmaster.pid"
    # Postgres trusts the pid file only if the process belongs to the same user.
    other = subprocess.Popen(["/bin/sleep", "60"], cwd="/", **server.home.user.run_options)
    try:
        pid_file.write_text(f"{other.pid}\n{server.home.data}\n1\n{server.port}\n")
        assert server.status() is None
        assert server.start().pid != other.pid
    finally:
        other.kill()
        other.wait()


def test_a_port_in_use_is_reported(server: EmbeddedPostgres, tmp_path: Path) -> None:
    server.start()
    other = EmbeddedPostgres(tmp_path / "other", port=server.port, durable=False)
    try:
        with pytest.raises(LocalStackError, match=f"Port {server.port} is in use by another program"):
            other.start()
    finally:
        other.remove()


def test_a_full_disk_is_reported() -> None:
    output = 'initdb: error: could not write to file "x": No space left on device'
    message = postgres._error_message("start", output, Path("/data/log"))
    assert message.startswith("The disk is full")


def test_a_lost_password_is_reported(server: EmbeddedPostgres, tmp_path: Path) -> None:
    server.start()
    server.stop()
    (tmp_path / "postgres" / "password").unlink()
    with pytest.raises(LocalStackError, match="Run `make clean`"):
        server.start()


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_server_stops_when_its_launcher_ends(server: EmbeddedPostgres, tmp_path: Path, end: signal.Signals) -> None:
    process = start_launcher(tmp_path / "postgres")
    assert process.stdout is not None
    assert process.stdout.readline().strip().isdigit()
    running = server.status()
    assert running is not None
    process.send_signal(end)
    process.wait(timeout=20)
    wait_until_gone(running.pid, running.created_at)
    process.stdout.close()


def test_a_running_server_is_used_again(server: EmbeddedPostgres, tmp_path: Path) -> None:
    first = server.start(keep_running=True)
    second = EmbeddedPostgres(tmp_path / "postgres", durable=False)
    assert second.start() == first
    second.stop()
    assert not port_is_taken(server.port)


@pytest.mark.parametrize("durable", [True, False])
def test_a_killed_server_keeps_every_committed_row(tmp_path: Path, *, durable: bool) -> None:
    server = EmbeddedPostgres(tmp_path / "postgres", durable=durable)
    try:
        process = server.start()
        with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
            connection.execute("create table committed (number integer)")
            for number in range(20):
                connection.execute("insert into committed values (%s)", [number])
            os.kill(process.pid, signal.SIGKILL)
        wait_until_gone(process.pid, process.created_at)
        server.start()
        with psycopg.connect(server.dsn("postgres")) as connection:
            assert connection.execute("select count(*) from committed").fetchone() == (20,)
    finally:
        server.remove()


def test_a_server_started_again_has_one_watchdog_process(server: EmbeddedPostgres) -> None:
    before = set(psutil.Process().children())
    server.start()
    server.start()
    watchdogs = set(psutil.Process().children()) - before
    assert len([process for process in watchdogs if process.status() != psutil.STATUS_ZOMBIE]) == 1
    server.stop()
    assert set(psutil.Process().children()) <= before
