"""A running Airflow whose tables are compared with those of undisturbed runs of the same pipelines."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import StringIO

import psutil
import psycopg
from rich.console import Console

from dev.local.progress import Progress
from dev.local.week_run import PlannedRun, WeekRunner
from fpl_pulse.store.digest import TableDigest, different, digest
from tests.long.stack_under_test import DATA, StackUnderTest


@dataclass
class ComparedStack(StackUnderTest):
    """A running stack with the results of an undisturbed week."""

    before: dict[str, str] = field(default_factory=dict)
    """Pipeline -> name of a copy of the database from before its run."""
    clean: dict[str, dict[str, TableDigest]] = field(default_factory=dict)
    """Pipeline -> digest of the tables after its run."""

    def digest(self) -> dict[str, TableDigest]:
        """The digest of the tables now."""
        with psycopg.connect(self.server.dsn(DATA)) as conn:
            return digest(conn)

    def restore_before(self, planned: PlannedRun) -> None:
        """Restore the data and the sandbox clock from before a pipeline's run, without response delays."""
        self.server.drop_database(DATA)
        self.server.create_database(DATA, template=self.before[planned.slot.dag_id])
        self.sandbox.source.set_clock(planned.as_of)
        self.delay_responses(0)

    def process_of(self, planned: PlannedRun, run_id: str, task_id: str, *, calls: int = 0) -> psutil.Process:
        """Wait for a running task with at least `calls` calls. Returns its process, whose parent is the worker."""
        found: list[psutil.Process] = []

        def task_runs() -> bool:
            rows = self.airflow_rows(
                "select pid, map_index from task_instance where dag_id = %s and run_id = %s and task_id = %s"
                " and state = 'running' and pid is not null order by map_index limit 1",
                planned.slot.dag_id, run_id, task_id,
            )  # fmt: skip
            if not rows:
                return False
            made = self.rows(
                "select count(*) from pulse.api_calls where run_id = %s and task_id = %s and map_index = %s",
                run_id, task_id, rows[0][1],
            )  # fmt: skip
            if made[0][0] < calls:
                return False
            found.append(psutil.Process(rows[0][0]))
            return True

        self.wait_until(f"{task_id} runs", task_runs)
        return found[0]

    def assert_undisturbed_after(self, planned: PlannedRun) -> None:
        """The tables equal those after the undisturbed run of the pipeline."""
        assert different(self.clean[planned.slot.dag_id], self.digest()) == []

    def run_undisturbed(self, week: Sequence[PlannedRun]) -> None:
        """Run pipelines at their slots. Keep the database before and the digest after each of them."""
        runner = WeekRunner(self.airflow, Progress(Console(file=StringIO())), set_clock=self.sandbox.source.set_clock)
        for planned in week:
            copy = f"before_{planned.slot.dag_id}"
            self.server.create_database(copy, template=DATA)
            self.before[planned.slot.dag_id] = copy
            (run,) = runner.run([planned])
            assert run.state == "success"
            self.clean[planned.slot.dag_id] = self.digest()
