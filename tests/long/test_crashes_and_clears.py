"""Crashes and clears on a whole Airflow: however a run was broken, the tables end as the undisturbed run left them.

One stack serves the module. The data has a Postgres server of its own, which can be killed without Airflow's; before
each test it goes back to the moment before the pipeline in question. Only waits are cut short: the half minute before a
retry, the half minute in which a killed worker is noticed, the hour after which a run is given up.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from io import StringIO

import psutil
import psycopg
import pytest
from rich.console import Console

from dev.local import postgres_home
from dev.local.airflow_api import FINISHED
from dev.local.airflow_environment import (
    DEMO_DATABASES,
    POSTGRES_CONNECTION,
    postgres_connection,
)
from dev.local.airflow_stack import LocalStack
from dev.local.layout import Layout
from dev.local.postgres import EmbeddedPostgres
from dev.local.processes import free_port
from dev.local.progress import Progress
from dev.local.source import Sandbox
from dev.local.week_run import PlannedRun, WeekRunner, plan_week
from fpl_pulse.store.digest import TableDigest, different, digest
from fpl_pulse.week import MANUAL_UPDATE, REBUILD
from tests.db.soaking import PASSING
from tests.long.stage import DATA, Stage

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

PLANNED = plan_week(date(2025, 8, 25))
MAPPINGS, LINEUPS, HEATMAPS = PLANNED[:3]
MATCHES = 20
SLOW_MS = 400
"""Of each answer, while something is to be caught in the middle."""


@dataclass
class BrokenStage(Stage):
    """The running stack, and the tables as the undisturbed week left them after each pipeline."""

    before: dict[str, str] = field(default_factory=dict)
    """Pipeline to the copy of the database from before it ran."""
    clean: dict[str, dict[str, TableDigest]] = field(default_factory=dict)
    """Pipeline to the digest after it."""

    def digest(self) -> dict[str, TableDigest]:
        """Of the data, now."""
        with psycopg.connect(self.server.dsn(DATA)) as conn:
            return digest(conn)

    def go_back_before(self, planned: PlannedRun) -> None:
        """The data and the source's clock as they were before a pipeline's slot; the source answers at once."""
        self.server.drop_database(DATA)
        self.server.create_database(DATA, template=self.before[planned.slot.dag_id])
        self.sandbox.source.set_clock(planned.as_of)
        self.answer_after(0)

    def process_of(self, planned: PlannedRun, run_id: str, task_id: str, *, calls: int = 0) -> psutil.Process:
        """The process of a task that is at work and has made so many calls; its parent is the executor's worker."""
        found: list[psutil.Process] = []

        def is_there() -> bool:
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

        self.wait_until(f"{task_id} is at work", is_there)
        return found[0]

    def is_as_undisturbed_after(self, planned: PlannedRun) -> None:
        """The tables say what they said after the undisturbed run of the pipeline."""
        assert different(self.clean[planned.slot.dag_id], self.digest()) == []


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrokenStage]:
    """The stack, and an undisturbed Monday and Tuesday."""
    layout = Layout(state=tmp_path_factory.mktemp("crashes") / "local")
    sandbox = Sandbox.at(layout, MAPPINGS.as_of)
    server = EmbeddedPostgres(layout.state / "data-postgres", port=free_port(), durable=False)
    layout.make()
    server.start()
    server.create_database(DATA)
    of_data = postgres_connection(server.port, server.password, DATA)
    stack = LocalStack(
        layout,
        {**sandbox.source.connections, POSTGRES_CONNECTION: of_data},
        databases=DEMO_DATABASES,
        schedules=False,
        say=print,
        calls_per_second="200",
    )
    try:
        stack.reserve()
        sandbox.start(stack.run_beside)
        stack.start()
        stage = BrokenStage(stack, sandbox, server)
        _play_undisturbed(stage)
        yield stage
    finally:
        stack.stop()
        server.remove()
        postgres_home.remove(layout.postgres)


def _play_undisturbed(stage: BrokenStage) -> None:
    """Monday and Tuesday at their slots, keeping the database before and the digest after each pipeline."""
    runner = WeekRunner(
        stage.airflow,
        Progress(Console(file=StringIO())),
        set_clock=stage.sandbox.source.set_clock,
    )
    for planned in (MAPPINGS, LINEUPS, HEATMAPS):
        copy = f"before_{planned.slot.dag_id}"
        stage.server.create_database(copy, template=DATA)
        stage.before[planned.slot.dag_id] = copy
        (run,) = runner.run([planned])
        assert run.state == "success"
        stage.clean[planned.slot.dag_id] = stage.digest()
    assert stage.clean[HEATMAPS.slot.dag_id]["sofasport_heatmaps"].rows > 500


@pytest.mark.parametrize(
    ("planned", "most_clears"),
    [(MAPPINGS, 4), (LINEUPS, 4), (HEATMAPS, 6)],
    ids=["mappings", "lineups", "heatmaps"],
)
def test_a_run_full_of_faults_of_the_source_ends_as_the_undisturbed_one(
    stage: BrokenStage, planned: PlannedRun, most_clears: int
) -> None:
    stage.go_back_before(planned)
    stage.inject(PASSING)
    run_id = stage.trigger(planned)
    clears = 0
    while stage.wait_for_end(planned, run_id) != "success":
        clears += 1
        assert clears <= most_clears, stage.rows(
            "select message from pulse.pipeline_runs where run_id = %s", run_id
        )
        stage.airflow.clear_run(planned.slot.dag_id, run_id)
    assert stage.injected() > 3
    stage.inject([])
    stage.is_as_undisturbed_after(planned)
    assert stage.spent_twice(run_id) == []


def test_a_task_killed_amid_its_calls_goes_on_where_it_was(stage: BrokenStage) -> None:
    stage.go_back_before(HEATMAPS)
    stage.answer_after(SLOW_MS)
    run_id = stage.trigger(HEATMAPS)
    stage.process_of(HEATMAPS, run_id, "fetch_heatmaps", calls=2).kill()
    stage.answer_after(0)
    assert stage.wait_for_end(HEATMAPS, run_id) == "success"
    tries = {task.try_number for task in stage.tasks(HEATMAPS, run_id, "fetch_heatmaps")}
    assert tries == {1, 2}
    stage.is_as_undisturbed_after(HEATMAPS)
    assert stage.spent_twice(run_id) == []


def test_a_worker_killed_amid_its_calls_is_noticed_and_its_task_done_again(stage: BrokenStage) -> None:
    stage.go_back_before(LINEUPS)
    stage.answer_after(5 * SLOW_MS)
    run_id = stage.trigger(LINEUPS)
    task = stage.process_of(LINEUPS, run_id, "fetch_lineup")
    worker = task.parent()
    assert worker is not None
    worker.kill()
    stage.answer_after(0)
    stage.airflow_rows(
        "update task_instance set last_heartbeat_at = now() - interval '1 hour' where pid = %s and run_id = %s"
        " and state = 'running' returning 1",
        task.pid, run_id,
    )  # fmt: skip
    assert stage.wait_for_end(LINEUPS, run_id) == "success"
    assert 2 in {one.try_number for one in stage.tasks(LINEUPS, run_id, "fetch_lineup")}
    stage.wait_until("the killed worker's task has ended", lambda: not task.is_running())
    stage.is_as_undisturbed_after(LINEUPS)
    assert stage.spent_twice(run_id) == []


def test_a_scheduler_killed_and_started_again_finishes_the_run(stage: BrokenStage) -> None:
    stage.go_back_before(HEATMAPS)
    stage.answer_after(SLOW_MS)
    run_id = stage.trigger(HEATMAPS)
    task = stage.process_of(HEATMAPS, run_id, "fetch_heatmaps", calls=2)
    worker = task.parent()
    scheduler = worker.parent() if worker is not None else None
    assert scheduler is not None
    assert "scheduler" in " ".join(scheduler.cmdline())
    stage.start_scheduler_again(scheduler)
    stage.answer_after(0)
    assert stage.wait_for_end(HEATMAPS, run_id) == "success"
    stage.is_as_undisturbed_after(HEATMAPS)
    assert stage.spent_twice(run_id) == []


def test_postgres_killed_amid_a_load_loses_nothing(stage: BrokenStage) -> None:
    stage.go_back_before(LINEUPS)
    with closing(psycopg.connect(stage.server.dsn(DATA))) as conn:
        conn.execute("lock table pulse.sofasport_lineup_players in exclusive mode")
        run_id = stage.trigger(LINEUPS)
        stage.wait_until("the load is under way", lambda: _waits_for_a_lock(stage))
        loaded = stage.rows("select count(*) from pulse.sofasport_lineups")
        running = stage.server.status()
        assert running is not None
        psutil.Process(running.pid).kill()
    assert loaded == [(0,)]
    stage.wait_until("the server is gone", lambda: stage.server.status() is None)
    stage.wait_until(
        "the load has failed",
        lambda: stage.tasks(LINEUPS, run_id, "load_lineups")[0].state == "up_for_retry",
    )
    stage.server.start()
    assert stage.wait_for_end(LINEUPS, run_id) == "success"
    stage.is_as_undisturbed_after(LINEUPS)
    assert stage.spent_twice(run_id) == []


def _waits_for_a_lock(stage: BrokenStage) -> bool:
    return stage.rows("select count(*) from pg_stat_activity where wait_event_type = 'Lock'") != [(0,)]


def test_a_run_that_ran_out_of_time_is_finished_by_a_clear(stage: BrokenStage) -> None:
    stage.go_back_before(HEATMAPS)
    stage.answer_after(SLOW_MS)
    run_id = stage.trigger(HEATMAPS)
    stage.process_of(HEATMAPS, run_id, "fetch_heatmaps", calls=2)
    stage.airflow_rows(
        "update dag_run set start_date = start_date - interval '1 day' where run_id = %s returning 1", run_id
    )
    assert stage.wait_for_end(HEATMAPS, run_id) == "failed"
    states = {task.state for task in stage.tasks(HEATMAPS, run_id, "fetch_heatmaps", "load_heatmaps")}
    assert "skipped" in states
    assert "failed" not in states
    stage.answer_after(0)
    stage.airflow.clear_run(HEATMAPS.slot.dag_id, run_id)
    assert stage.wait_for_end(HEATMAPS, run_id) == "success"
    stage.is_as_undisturbed_after(HEATMAPS)
    assert stage.spent_twice(run_id) == []


def test_clears_of_an_index_a_task_and_a_run_change_nothing_and_cost_nothing(stage: BrokenStage) -> None:
    stage.go_back_before(LINEUPS)
    run_id = stage.trigger(LINEUPS)
    assert stage.wait_for_end(LINEUPS, run_id) == "success"
    assert stage.calls(run_id) >= MATCHES
    spent = stage.calls(run_id)
    clears: Sequence[Callable[[], None]] = (
        lambda: stage.clear(LINEUPS, run_id, ("fetch_lineup", 3)),
        lambda: stage.clear(LINEUPS, run_id, "load_lineups", downstream=True),
        lambda: stage.airflow.clear_run(LINEUPS.slot.dag_id, run_id),
    )
    for clear in clears:
        clear()
        assert stage.wait_for_end(LINEUPS, run_id) == "success"
        stage.is_as_undisturbed_after(LINEUPS)
        assert stage.calls(run_id) == spent


def test_two_runs_by_hand_beside_a_scheduled_one_wait_for_each_other(stage: BrokenStage) -> None:
    stage.go_back_before(LINEUPS)
    stage.answer_after(SLOW_MS // 4)
    run_ids = [stage.trigger(LINEUPS) for _ in range(3)]
    # The last is made what the clock makes: Airflow queues both kinds alike.
    stage.airflow_rows(
        "update dag_run set run_type = 'scheduled' where run_id = %s and state = 'queued' returning 1",
        run_ids[-1],
    )
    most = 0

    def are_over() -> bool:
        nonlocal most
        states = [stage.state(LINEUPS, run_id) for run_id in run_ids]
        most = max(most, states.count("running"))
        return set(states) <= set(FINISHED)

    stage.wait_until("all three end", are_over, 600)
    assert most == 1
    assert {stage.state(LINEUPS, run_id) for run_id in run_ids} == {"success"}
    stage.is_as_undisturbed_after(LINEUPS)
    assert (
        stage.rows(
            "select resource from pulse.api_calls where run_id = any(%s) and endpoint = 'events/lineups'"
            " group by 1 having count(*) > 1",
            run_ids,
        )
        == []
    )


def test_a_backfill_of_past_weeks_changes_nothing(stage: BrokenStage) -> None:
    stage.go_back_before(HEATMAPS)
    stage.command(
        "backfill", "create", "--dag-id", LINEUPS.slot.dag_id,
        "--from-date", "2025-08-11", "--to-date", "2025-08-20", "--max-active-runs", "2",
    )  # fmt: skip
    run_ids: set[str] = set()

    def are_there() -> bool:
        run_ids.update(
            one for one in stage.airflow.run_ids(LINEUPS.slot.dag_id) if one.startswith("backfill__")
        )
        return len(run_ids) == 2

    stage.wait_until("the backfill's runs are there", are_there)
    for run_id in sorted(run_ids):
        assert stage.wait_for_end(LINEUPS, run_id) == "success"
    stage.is_as_undisturbed_after(LINEUPS)
    assert [stage.calls(run_id) for run_id in sorted(run_ids)] == [0, 0]


def test_clearing_lineups_has_the_heatmaps_of_those_matches_looked_at_again(stage: BrokenStage) -> None:
    stage.go_back_before(LINEUPS)
    (event,) = stage.rows("select min(event_id) from pulse.sofasport_events where status_code = 100")[0]
    lineups = stage.trigger(LINEUPS)
    assert stage.wait_for_end(LINEUPS, lineups) == "success"
    # As if SofaSport had not had this match's players yet, and the answer was refused.
    stage.change(
        "update pulse.raw_reads set outcome = 'refused' where endpoint = 'events/lineups' and resource = %s",
        f"event_id={event}",
    )
    stage.change("delete from pulse.sofasport_lineup_players where event_id = %s", event)
    stage.change("delete from pulse.revisions where table_name = 'sofasport_lineup_players'")
    stage.sandbox.source.set_clock(HEATMAPS.as_of)
    heatmaps = stage.trigger(HEATMAPS)
    stage.wait_for_end(HEATMAPS, heatmaps)
    assert stage.rows("select count(*) from pulse.sofasport_heatmaps where event_id = %s", event) == [(0,)]
    stage.clear(LINEUPS, lineups, ("fetch_lineup", _index_of(stage, lineups, event)), downstream=True)
    assert stage.wait_for_end(LINEUPS, lineups) == "success"
    assert stage.airflow_rows("select clear_number from dag_run where run_id = %s", heatmaps) == [(1,)]
    assert stage.wait_for_end(HEATMAPS, heatmaps) == "success"
    stage.is_as_undisturbed_after(HEATMAPS)
    (players,) = stage.rows(
        "select count(*) from pulse.sofasport_lineup_players where minutes > 0 and event_id = %s", event
    )[0]
    asked = stage.rows(
        "select count(distinct resource) from pulse.api_calls where run_id = %s and resource like %s",
        heatmaps, f"event_id={event}&%",
    )  # fmt: skip
    # An absence may be asked for twice: an empty answer is believed then.
    assert asked == [(players,)]
    assert players > 20
    assert stage.spent_twice(heatmaps) == []


def test_the_rebuild_from_the_form_brings_back_what_was_spoilt_without_a_call(stage: BrokenStage) -> None:
    stage.go_back_before(HEATMAPS)
    stage.change("update pulse.fpl_players set web_name = 'X'")
    stage.change("delete from pulse.sofasport_lineup_players where minutes > 45")
    calls = stage.rows("select count(*) from pulse.api_calls")
    for dag_id in (REBUILD, MANUAL_UPDATE):
        stage.airflow.unpause(dag_id)
    run_id = f"fault_{next(stage.numbers)}"
    stage.airflow.trigger(MANUAL_UPDATE, run_id, None, {"pipeline": REBUILD})

    def is_over() -> bool:
        rows = stage.airflow_rows("select state from dag_run where run_id = %s", run_id)
        return rows != [] and rows[0][0] in FINISHED

    stage.wait_until("the rebuild ends", is_over, 300)
    assert stage.airflow_rows("select state from dag_run where run_id = %s", run_id) == [("success",)]
    stage.is_as_undisturbed_after(LINEUPS)
    assert stage.rows("select count(*) from pulse.api_calls") == calls


def _index_of(stage: BrokenStage, run_id: str, event_id: int) -> int:
    """Which of the mapped tasks is a match's."""
    (index,) = stage.rows(
        "select map_index from pulse.api_calls where run_id = %s and task_id = 'fetch_lineup' and resource = %s",
        run_id,
        f"event_id={event_id}",
    )[0]
    return int(index)
