"""Installs the product in a folder, with the sandbox in place of the real APIs and a Postgres server for the data."""

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from dev.local import postgres_home
from dev.local.layout import Layout
from dev.local.postgres import EmbeddedPostgres
from dev.local.processes import StartedProcess, free_port
from dev.local.source import Sandbox
from dev.local.watchdog import Watchdog
from tests.local.typed_commands import copy_project, output
from tests.long.runbook.front import Front
from tests.long.runbook.installation import DATA, FIRST_WEEK, LINEUPS, MAPPINGS, WEEK, Installation


@dataclass
class OwnProcesses:
    """Processes beside the installation. They end when the tests end in any way."""

    layout: Layout
    watchdog: Watchdog = field(default_factory=Watchdog)
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, name: str, command: Sequence[str], env: Mapping[str, str]) -> StartedProcess:
        """Start a process. Its output goes to `<name>.log` in the logs folder."""
        with (self.layout.logs / f"{name}.log").open("w") as log:
            process = subprocess.Popen(
                list(command), stdout=log, stderr=subprocess.STDOUT, env=dict(env), start_new_session=True
            )
        self.started.append(process)
        running = StartedProcess.of(name, process.pid)
        self.watchdog.watch(running)
        return running

    def stop(self) -> None:
        """Stop them all."""
        for process in self.started:
            process.terminate()
            process.wait(20)
        self.watchdog.release()


@contextmanager
def installation_in(folder: Path) -> Iterator[Installation]:
    """Install in a folder, and remove everything at the end. Nothing is started but the sources and the database."""
    server = EmbeddedPostgres(folder / "data-postgres", port=free_port(), durable=False)
    layout = Layout(state=folder / "sources")
    layout.make()
    sandbox = Sandbox.at(layout, FIRST_WEEK[-1].as_of)
    processes = OwnProcesses(layout)
    checkout = copy_project(folder / "FPL Pulse")
    front = None
    try:
        server.start()
        server.create_database(DATA)
        sandbox.start(processes.start)
        front = Front(f"http://127.0.0.1:{sandbox.port}", sandbox.key)
        yield Installation(checkout, server, sandbox, front)
    finally:
        checkout.type("make down; make clean")
        if front is not None:
            front.stop()
        processes.stop()
        server.remove()
        postgres_home.remove(checkout.layout.postgres)


@contextmanager
def prepared_installation(folder: Path) -> Iterator[Installation]:
    """A running installation with three snapshots, removed at the end.

    `empty`: nothing has run. `week`: the first week has run on schedule. `monday`: also the mappings of the second week
    have, and Tuesday's lineups are due.
    """
    with installation_in(folder) as found:
        found.write_settings()
        print("\nInstalling", flush=True)
        output(found.type("make up"))
        found.take_snapshot("empty", FIRST_WEEK[-1].as_of)
        output(found.type("make up UNPAUSE=1"))
        _wait_for_first_week(found)
        found.take_snapshot("week", WEEK[0].as_of)
        run_id = found.come_due(MAPPINGS)
        assert found.wait_for_end(MAPPINGS, run_id) == "success", found.evidence(MAPPINGS, run_id)
        found.take_snapshot("monday", LINEUPS.as_of)
        yield found


def _wait_for_first_week(found: Installation) -> None:
    """Wait for the scheduled runs that begin at once when the pipelines are switched on."""
    for planned in FIRST_WEEK:
        run_ids: set[str] = set()

        def exists(dag_id: str = planned.slot.dag_id, run_ids: set[str] = run_ids) -> bool:
            run_ids.update(found.airflow.run_ids(dag_id))
            return bool(run_ids)

        found.wait_until(f"{planned.slot.dag_id} runs", exists)
        for run_id in run_ids:
            assert found.wait_for_end(planned, run_id) == "success", found.evidence(planned, run_id)
