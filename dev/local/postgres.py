"""An embedded Postgres on loopback TCP, with a password, from the programs of a wheel.

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
from dev.local.layout import kept_secret, write_private
from dev.local.lifeline import Lifeline
from dev.local.postgres_home import PostgresHome
from dev.local.processes import LOOPBACK, Running, free_port, hold_interrupts, port_is_taken

ROLE = "pulse"
_WAIT_LIMIT_S = 30.0
_PROGRAM_LIMIT_S = 120.0

# After a kill -9 of the server its children need a moment to let go of the shared memory.
_PASSING_FAULTS = ("pre-existing shared memory block", 'lock file "postmaster.pid" already exists')


class EmbeddedPostgres:
    """One server with one data folder. Start it again on the same folder and the data is there."""

    def __init__(self, folder: Path, *, port: int | None = None, durable: bool = True) -> None:
        """Choose the server.

        Args:
            folder: where its files are kept; made when absent.
            port: TCP port of loopback; a free one when not given.
            durable: False trades safety against a power cut for speed; a killed server keeps its data still.
        """
        self._folder = folder
        self._wanted_port = port
        self._durable = durable
        self._home: PostgresHome | None = None
        self._port: int | None = None
        self._lifeline: Lifeline | None = None

    @property
    def home(self) -> PostgresHome:
        """Its folders; they are made on the first look."""
        if self._home is None:
            self._home = postgres_home.prepare(self._folder)
        return self._home

    @property
    def port(self) -> int:
        """The TCP port.

        Raises:
            LocalStackError: before the server has been started.
        """
        if self._port is None:
            raise LocalStackError("The database server has not been started.")
        return self._port

    @property
    def password(self) -> str:
        """The random password of this installation."""
        return kept_secret(self._folder / "password")

    def dsn(self, database: str) -> str:
        """The address of a database, as psycopg and SQLAlchemy read it."""
        return f"postgresql://{ROLE}:{self.password}@{LOOPBACK}:{self.port}/{database}"

    def status(self) -> Running | None:
        """The server's process, if it runs."""
        if not self._folder.is_dir():
            return None
        lines = self._pid_file_lines()
        if len(lines) < 4 or not lines[0].strip().isdigit():
            return None
        pid = int(lines[0])
        try:
            # A server works in its data folder; the pid may be another program's by now.
            if Path(psutil.Process(pid).cwd()) != self.home.data.resolve():
                return None
            running = Running.of(
                "postgres", pid, stop_signal=signal.SIGINT, grace_s=_WAIT_LIMIT_S, whole_session=False
            )
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return None
        return running if running.is_alive() else None

    def start(self, *, outlive_starter: bool = False) -> Running:
        """Start the server, or take over one that was left running on this folder.

        Args:
            outlive_starter: leave it running when this process ends; else it is stopped then.

        Raises:
            LocalStackError: one sentence that says why it does not start.
        """
        self._make_data_folder()
        lifeline = None if outlive_starter else Lifeline()
        with hold_interrupts():
            running = self.status()
            if running is None:
                self._remove_stale_pid_file()
                self._launch()
                running = self.status()
            if running is None:
                raise LocalStackError(
                    f"The database server ended right after its start; see {self.home.log}."
                )
            if lifeline is not None:
                lifeline.guard(running)
            self._lifeline = lifeline
        self._port = int(self._pid_file_lines()[3])
        return running

    def stop(self) -> None:
        """Stop the server; nothing happens when it does not run."""
        running = self.status()
        if running is not None:
            self._pg_ctl("stop", "-m", "fast")
        if self._lifeline is not None:
            self._lifeline.release()
            self._lifeline = None

    def remove(self) -> None:
        """Stop the server and remove everything it has kept."""
        self.stop()
        postgres_home.remove(self._folder)
        self._home = None

    def create_database(self, name: str, *, template: str | None = None) -> bool:
        """Create a database, empty or as a copy of another. Returns False when it was there."""
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            there = connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone()
            if there is not None:
                return False
            source = sql.Identifier(template or "template1")
            connection.execute(sql.SQL("create database {} template {}").format(sql.Identifier(name), source))
        return True

    def drop_database(self, name: str) -> None:
        """Drop a database, whoever is connected to it."""
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            connection.execute(
                sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
            )

    def __enter__(self) -> Self:
        """Start the server."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the server."""
        self.stop()

    def _pid_file_lines(self) -> list[str]:
        try:
            return (self.home.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _remove_stale_pid_file(self) -> None:
        """A pid file whose pid is another program's by now would keep the server from starting."""
        lines = self._pid_file_lines()
        if lines and lines[0].strip().isdigit() and psutil.pid_exists(int(lines[0])):
            (self.home.data / "postmaster.pid").unlink(missing_ok=True)

    def _make_data_folder(self) -> None:
        """Make the data folder under another name and rename it when whole: no torso is ever started."""
        home = self.home
        if home.data.is_dir():
            if not (self._folder / "password").exists():
                raise LocalStackError(
                    f"The database in {home.data} is there but its password in {self._folder} is not; "
                    "run `make clean` to begin anew."
                )
            return
        shutil.rmtree(home.draft, ignore_errors=True)
        home.draft.mkdir(mode=0o700)
        home.user.own(home.draft)
        password_file = home.folder / "initdb-password"
        write_private(password_file, self.password)
        home.user.own(password_file)
        try:
            made = self._run("initdb", *self._initdb_options(password_file))
        finally:
            password_file.unlink()
        if made.returncode != 0:
            raise LocalStackError(_sentence("made its data folder", made.stdout, home.draft))
        home.draft.rename(home.data)

    def _initdb_options(self, password_file: Path) -> list[str]:
        who = ["-U", ROLE, f"--pwfile={password_file}", "-A", "scram-sha-256"]
        # The same order and the same lower() for every letter on every machine.
        text = ["-E", "UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return ["-D", str(self.home.draft), *who, *text, *([] if self._durable else ["--no-sync"])]

    def _launch(self) -> None:
        """Start it, with further tries while a killed predecessor lets go or while another takes the port."""
        if self._wanted_port is not None and port_is_taken(self._wanted_port):
            raise LocalStackError(
                f"Port {self._wanted_port} is taken by another program; choose another port."
            )
        until = time.monotonic() + _WAIT_LIMIT_S
        while True:
            port = self._wanted_port or free_port()
            log_begins = self.home.log.stat().st_size if self.home.log.exists() else 0
            answer = self._pg_ctl("start", "-l", str(self.home.log), "-o", self._options(port))
            if answer.returncode == 0:
                return
            said = answer.stdout + self._log_from(log_begins)
            port_lost = self._wanted_port is None and "Address already in use" in said
            passing = port_lost or any(fault in said for fault in _PASSING_FAULTS)
            if not passing or time.monotonic() > until:
                raise LocalStackError(_sentence("started", said, self.home.log))
            time.sleep(0.3)

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
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return " ".join(f"-c {name}='{value}'" for name, value in settings.items())

    def _log_from(self, position: int) -> str:
        if not self.home.log.exists():
            return ""
        with self.home.log.open("rb") as log:
            log.seek(position)
            return log.read().decode(errors="replace")

    def _pg_ctl(self, action: str, *options: str) -> subprocess.CompletedProcess[str]:
        return self._run(
            "pg_ctl", action, "-D", str(self.home.data), "-w", "-t", str(int(_WAIT_LIMIT_S)), *options
        )

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        # The server inherits what pg_ctl has: a pipe as output would never end, so a file takes it.
        output = self.home.folder / f"{program}.out"
        with output.open("w+") as file:
            answer = subprocess.run(
                [str(self.home.programs / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                cwd="/",
                check=False,
                text=True,
                timeout=_PROGRAM_LIMIT_S,
                # Ctrl-C of the terminal is for the starter alone.
                start_new_session=True,
                env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
                **self.home.user.run_options,
            )
            file.seek(0)
            return subprocess.CompletedProcess(answer.args, answer.returncode, file.read(), "")


def _sentence(what: str, said: str, place: Path) -> str:
    """Say in one sentence why the server has not."""
    if "No space left on device" in said:
        return f"The disk is full: the database server could not write to {place.parent}; free some space."
    if "Address already in use" in said:
        return f"The database server has not {what}: its port is taken by another program."
    last = next((line for line in reversed(said.splitlines()) if line.strip()), "it said nothing").strip()
    reason = next((line for line in said.splitlines() if "FATAL:" in line), last)
    return f"The database server has not {what}: {reason} (see {place})."
