"""An embedded Postgres, installed from a wheel, that listens on loopback TCP and requires a password.

with EmbeddedPostgres(folder) as server:
    psycopg.connect(server.dsn("postgres"))
"""

import shutil
import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil
import psycopg
from psycopg import sql

from dev.local import postgres_home
from dev.local.errors import LocalStackError
from dev.local.layout import stored_secret, write_private
from dev.local.postgres_home import PostgresHome
from dev.local.processes import LOOPBACK, StartedProcess, defer_signals, free_port, port_is_taken
from dev.local.watchdog import Watchdog

ROLE = "pulse"
_WAIT_LIMIT_S = 30.0
_PROGRAM_LIMIT_S = 120.0

# After a kill -9 of the server, its children hold the shared memory for a short time.
_TRANSIENT_ERRORS = ("pre-existing shared memory block", 'lock file "postmaster.pid" already exists')


class EmbeddedPostgres:
    """One server with one data folder. The data remains after a stop."""

    def __init__(
        self, folder: Path, *, port: int | None = None, preferred_port: int | None = None, durable: bool = True
    ) -> None:
        """Configure the server; nothing is started yet.

        Args:
            folder: the folder for its files; created by the first start.
            port: TCP port of loopback; None for a free one.
            preferred_port: is used instead of another free one where it is free.
            durable: False is faster, but a power cut can lose data. A killed server keeps its data.
        """
        self._folder = folder
        self._wanted_port = port
        self._preferred_port = preferred_port
        self._durable = durable
        self._home: PostgresHome | None = None
        self._port: int | None = None
        self._watchdog: Watchdog | None = None

    @property
    def home(self) -> PostgresHome:
        """Its folders, created by the first access."""
        if self._home is None:
            self._home = postgres_home.prepare(self._folder)
        return self._home

    @property
    def port(self) -> int:
        """The TCP port.

        Raises:
            LocalStackError: the server has not been started.
        """
        if self._port is None:
            raise LocalStackError("The database server has not been started.")
        return self._port

    @property
    def password(self) -> str:
        """The random password of this installation."""
        return stored_secret(self._folder / "password")

    def dsn(self, database: str) -> str:
        """The address of a database, for psycopg and SQLAlchemy."""
        return f"postgresql://{ROLE}:{self.password}@{LOOPBACK}:{self.port}/{database}"

    def status(self) -> StartedProcess | None:
        """The server's process; None if it is not running."""
        if not self._folder.is_dir():
            return None
        lines = self._pid_file_lines()
        if len(lines) < 4 or not lines[0].strip().isdigit():
            return None
        pid = int(lines[0])
        try:
            # The working folder of a server is its data folder. Another program may have this pid by now.
            if Path(psutil.Process(pid).cwd()) != self.home.data.resolve():
                return None
            running = StartedProcess.of(
                "postgres", pid, stop_signal=signal.SIGINT, grace_s=_WAIT_LIMIT_S, owns_session=False
            )
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return None
        return running if running.is_alive() else None

    def start(self, *, keep_running: bool = False) -> StartedProcess:
        """Start the server, or use the one that is already running on this folder.

        Args:
            keep_running: whether the server keeps running when this process ends.

        Raises:
            LocalStackError: why the server does not start.
        """
        self._make_data_folder()
        with defer_signals():
            running = self.status()
            if running is None:
                self._remove_stale_pid_file()
                self._launch()
                running = self.status()
            if running is None:
                raise LocalStackError(f"The database server ended right after its start. See {self.home.log}.")
            self._release_watchdog()
            if not keep_running:
                self._watchdog = Watchdog()
                self._watchdog.watch(running)
        self._port = int(self._pid_file_lines()[3])
        return running

    def stop(self) -> None:
        """Stop the server if it is running."""
        running = self.status()
        if running is not None:
            self._pg_ctl("stop", "-m", "fast")
        self._release_watchdog()

    def remove(self) -> None:
        """Stop the server and remove its files."""
        self.stop()
        postgres_home.remove(self._folder)
        self._home = None

    def create_database(self, name: str, *, template: str | None = None) -> bool:
        """Create a database, empty or as a copy of `template`. Returns False if it exists already."""
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            existing = connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone()
            if existing is not None:
                return False
            source = sql.Identifier(template or "template1")
            connection.execute(sql.SQL("create database {} template {}").format(sql.Identifier(name), source))
        return True

    def drop_database(self, name: str) -> None:
        """Drop a database and end the connections to it."""
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))

    def __enter__(self) -> Self:
        """Start the server."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the server."""
        self.stop()

    def _release_watchdog(self) -> None:
        if self._watchdog is not None:
            self._watchdog.release()
            self._watchdog = None

    def _pid_file_lines(self) -> list[str]:
        try:
            return (self.home.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _remove_stale_pid_file(self) -> None:
        """Remove a pid file that names the pid of another program: Postgres would refuse to start."""
        lines = self._pid_file_lines()
        if lines and lines[0].strip().isdigit() and psutil.pid_exists(int(lines[0])):
            (self.home.data / "postmaster.pid").unlink(missing_ok=True)

    def _make_data_folder(self) -> None:
        """Run initdb on a temporary folder and rename it when complete, so that no incomplete folder is ever used."""
        home = self.home
        if home.data.is_dir():
            if not (self._folder / "password").exists():
                raise LocalStackError(
                    f"The database in {home.data} exists, but the file with its password in {self._folder} is missing. "
                    "Run `make clean` to remove the database and start again."
                )
            return
        shutil.rmtree(home.draft, ignore_errors=True)
        home.draft.mkdir(mode=0o700)
        home.user.own(home.draft)
        password_file = home.folder / "initdb-password"
        write_private(password_file, self.password)
        home.user.own(password_file)
        try:
            result = self._run("initdb", *self._initdb_options(password_file))
        finally:
            password_file.unlink()
        if result.returncode != 0:
            raise LocalStackError(_error_message("create its data folder", result.stdout, home.draft))
        home.draft.rename(home.data)

    def _initdb_options(self, password_file: Path) -> list[str]:
        login = ["-U", ROLE, f"--pwfile={password_file}", "-A", "scram-sha-256"]
        # The same sort order and the same lower() on every machine.
        text = ["-E", "UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return ["-D", str(self.home.draft), *login, *text, *([] if self._durable else ["--no-sync"])]

    def _launch(self) -> None:
        """Start the server. Retry while a killed server still holds resources, or if another program took the port."""
        if self._wanted_port is not None and port_is_taken(self._wanted_port):
            raise LocalStackError(f"Port {self._wanted_port} is in use by another program; choose another port.")
        until = time.monotonic() + _WAIT_LIMIT_S
        while True:
            port = self._wanted_port or self._free_port()
            log_size = self.home.log.stat().st_size if self.home.log.exists() else 0
            result = self._pg_ctl("start", "-l", str(self.home.log), "-o", self._options(port))
            if result.returncode == 0:
                return
            output = result.stdout + self._log_from(log_size)
            port_lost = self._wanted_port is None and "Address already in use" in output
            transient = port_lost or any(error in output for error in _TRANSIENT_ERRORS)
            if not transient or time.monotonic() > until:
                raise LocalStackError(_error_message("start", output, self.home.log))
            time.sleep(0.3)

    def _free_port(self) -> int:
        preferred = self._preferred_port
        return preferred if preferred is not None and not port_is_taken(preferred) else free_port()

    def _options(self, port: int) -> str:
        settings = {
            "port": port,
            "listen_addresses": LOOPBACK,
            "unix_socket_directories": "",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "max_connections": 150,
        }
        if not self._durable:
            settings |= {"fsync": "off", "full_page_writes": "off"}
        return " ".join(f"-c {name}='{value}'" for name, value in settings.items())

    def _log_from(self, position: int) -> str:
        if not self.home.log.exists():
            return ""
        with self.home.log.open("rb") as log:
            log.seek(position)
            return log.read().decode(errors="replace")

    def _pg_ctl(self, action: str, *options: str) -> subprocess.CompletedProcess[str]:
        return self._run("pg_ctl", action, "-D", str(self.home.data), "-w", "-t", str(int(_WAIT_LIMIT_S)), *options)

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        # The server inherits the output of pg_ctl. A pipe would stay open until the server ends, so use a file.
        with (self.home.folder / f"{program}.out").open("w+") as file:
            result = subprocess.run(
                [str(self.home.programs / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                cwd="/",
                check=False,
                text=True,
                timeout=_PROGRAM_LIMIT_S,
                # Ctrl-C in the terminal must reach only the launcher.
                start_new_session=True,
                env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
                **self.home.user.run_options,
            )
            file.seek(0)
            return subprocess.CompletedProcess(result.args, result.returncode, file.read(), "")


def _error_message(action: str, output: str, location: Path) -> str:
    """Why the server could not do `action` ("start"), from the output of its program."""
    if "No space left on device" in output:
        return f"The disk is full: the database server could not write to {location.parent}. Free some space."
    if "Address already in use" in output:
        return f"The database server could not {action}: another program uses its port."
    last = next((line for line in reversed(output.splitlines()) if line.strip()), "no output").strip()
    reason = next((line for line in output.splitlines() if "FATAL:" in line), last)
    return f"The database server could not {action}: {reason} (see {location})."
