"""Crashes and clears on a real Airflow: after each, the tables must equal those of an undisturbed run.

The module starts one stack. The product's data is on a separate Postgres server, which a test can kill without killing
Airflow's database. Each test first restores the data from before the pipeline under test. The tests shorten waits only:
before a retry (30 s), until Airflow notices a killed worker (30 s), and until a sensor gives up (1 h).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date

import psutil
import psycopg
import pytest

from dev.local import postgres_home
from dev.local.airflow_api import FINISHED
from dev.local.airflow_environment import DEMO_DATABASES, POSTGRES_CONNECTION, postgres_connection
from dev.local.airflow_stack import LocalStack
from dev.local.layout import Layout
from dev.local.postgres import EmbeddedPostgres
from dev.local.processes import free_port
from dev.local.source import Sandbox
from dev.local.week_run import PlannedRun, plan_week
from fpl_pulse.week import MANUAL_UPDATE, REBUILD
from tests.db.soaking import PASSING
from tests.long.compared_stack import ComparedStack
from tests.long.stack_under_test import DATA

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

PLANNED = plan_week(date(2025, 8, 25))
MAPPINGS, LINEUPS, HEATMAPS = PLANNED[:3]
MATCHES = 20
SLOW_MS = 400
"""Delay of each response while a test kills something in the middle of a run."""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ComparedStack]:
    """A running stack after an undisturbed Monday and Tuesday."""
    layout = Layout(state=tmp_path_factory.mktemp("crashes") / "local")
    sandbox = Sandbox.at(layout, MAPPINGS.as_of)
    server = EmbeddedPostgres(layout.state / "data-postgres", port=free_port(), durable=False)
    layout.make()
    server.start()
    server.create_database(DATA)
    connection = postgres_connection(server.port, server.password, DATA)
    local = LocalStack(
        layout,
        {**sandbox.source.variables, POSTGRES_CONNECTION: connection},
        databases=DEMO_DATABASES,
        schedules=False,
        on_progress=print,
        calls_per_second="200",
    )
    try:
        local.reserve()
        sandbox.start(local.start_process)
        local.start()
        stack = ComparedStack(local, sandbox, server)
        stack.run_undisturbed((MAPPINGS, LINEUPS, HEATMAPS))
        assert stack.clean[HEATMAPS.slot.dag_id]["sofasport_heatmaps"].rows > 500
        yield stack
    finally:
        local.stop()
        server.remove()
        postgres_home.remove(layout.postgres)


@pytest.mark.parametrize(
    ("planned", "most_clears"), [(MAPPINGS, 4), (LINEUPS, 4), (HEATMAPS, 6)], ids=["mappings", "lineups", "heatmaps"]
)
def test_a_run_with_injected_source_faults_ends_like_an_undisturbed_one(
    stack: ComparedStack, planned: PlannedRun, most_clears: int
) -> None:
    stack.restore_before(planned)
    stack.inject(PASSING)
    run_id = stack.trigger(planned)
    clears = 0
    while stack.wait_for_end(planned, run_id) != "success":
        clears += 1
        assert clears <= most_clears, stack.rows("select message from pulse.pipeline_runs where run_id = %s", run_id)
        stack.airflow.clear_run(planned.slot.dag_id, run_id)
    assert stack.injected() > 3
    stack.inject([])
    stack.assert_undisturbed_after(planned)
    assert stack.repeated_calls(run_id) == []


def test_a_task_killed_between_calls_continues_where_it_stopped(stack: ComparedStack) -> None:
    stack.restore_before(HEATMAPS)
    stack.delay_responses(SLOW_MS)
    run_id = stack.trigger(HEATMAPS)
    stack.process_of(HEATMAPS, run_id, "fetch_heatmaps", calls=2).kill()
    stack.delay_responses(0)
    assert stack.wait_for_end(HEATMAPS, run_id) == "success"
    tries = {task.try_number for task in stack.tasks(HEATMAPS, run_id, "fetch_heatmaps")}
    assert tries == {1, 2}
    stack.assert_undisturbed_after(HEATMAPS)
    assert stack.repeated_calls(run_id) == []


def test_airflow_retries_the_task_of_a_killed_worker(stack: ComparedStack) -> None:
    stack.restore_before(LINEUPS)
    stack.delay_responses(5 * SLOW_MS)
    run_id = stack.trigger(LINEUPS)
    task = stack.process_of(LINEUPS, run_id, "fetch_lineup")
    worker = task.parent()
    assert worker is not None
    worker.kill()
    stack.delay_responses(0)
    stack.airflow_rows(
        "update task_instance set last_heartbeat_at = now() - interval '1 hour' where pid = %s and run_id = %s"
        " and state = 'running' returning 1",
        task.pid, run_id,
    )  # fmt: skip
    assert stack.wait_for_end(LINEUPS, run_id) == "success"
    assert 2 in {one.try_number for one in stack.tasks(LINEUPS, run_id, "fetch_lineup")}
    stack.wait_until("the killed worker's task has ended", lambda: not task.is_running())
    stack.assert_undisturbed_after(LINEUPS)
    assert stack.repeated_calls(run_id) == []


def test_a_restarted_scheduler_finishes_the_run(stack: ComparedStack) -> None:
    stack.restore_before(HEATMAPS)
    stack.delay_responses(SLOW_MS)
    run_id = stack.trigger(HEATMAPS)
    task = stack.process_of(HEATMAPS, run_id, "fetch_heatmaps", calls=2)
    worker = task.parent()
    scheduler = worker.parent() if worker is not None else None
    assert scheduler is not None
    assert "scheduler" in " ".join(scheduler.cmdline())
    stack.restart_scheduler(scheduler)
    stack.delay_responses(0)
    assert stack.wait_for_end(HEATMAPS, run_id) == "success"
    stack.assert_undisturbed_after(HEATMAPS)
    assert stack.repeated_calls(run_id) == []


def test_a_postgres_killed_during_a_load_loses_nothing(stack: ComparedStack) -> None:
    stack.restore_before(LINEUPS)
    stack.delay_responses(SLOW_MS)
    run_id = stack.trigger(LINEUPS)
    # The refresh, too, deletes players of events that were replaced.
    stack.wait_until("the calls are planned", lambda: _is_planned(stack, run_id))
    with closing(psycopg.connect(stack.server.dsn(DATA))) as conn:
        conn.execute("lock table pulse.sofasport_lineup_players in exclusive mode")
        stack.delay_responses(0)
        stack.wait_until("the load runs", lambda: _waits_for_a_lock(stack))
        loaded = stack.rows("select count(*) from pulse.sofasport_lineups")
        running = stack.server.status()
        assert running is not None
        psutil.Process(running.pid).kill()
    assert loaded == [(0,)]
    stack.wait_until("the server has stopped", lambda: stack.server.status() is None)
    stack.wait_until(
        "the load has failed", lambda: stack.tasks(LINEUPS, run_id, "load_lineups")[0].state == "up_for_retry"
    )
    stack.server.start()
    assert stack.wait_for_end(LINEUPS, run_id) == "success"
    stack.assert_undisturbed_after(LINEUPS)
    assert stack.repeated_calls(run_id) == []


def _is_planned(stack: ComparedStack, run_id: str) -> bool:
    return [task.state for task in stack.tasks(LINEUPS, run_id, "plan_matches")] == ["success"]


def _waits_for_a_lock(stack: ComparedStack) -> bool:
    return stack.rows("select count(*) from pg_stat_activity where wait_event_type = 'Lock'") != [(0,)]


def test_a_clear_finishes_a_run_that_timed_out(stack: ComparedStack) -> None:
    stack.restore_before(HEATMAPS)
    stack.delay_responses(SLOW_MS)
    run_id = stack.trigger(HEATMAPS)
    stack.process_of(HEATMAPS, run_id, "fetch_heatmaps", calls=2)
    stack.airflow_rows(
        "update dag_run set start_date = start_date - %s where run_id = %s returning 1", HEATMAPS.slot.run_limit, run_id
    )
    assert stack.wait_for_end(HEATMAPS, run_id) == "failed"
    states = {task.state for task in stack.tasks(HEATMAPS, run_id, "fetch_heatmaps", "load_heatmaps")}
    assert "skipped" in states
    assert "failed" not in states
    stack.delay_responses(0)
    stack.airflow.clear_run(HEATMAPS.slot.dag_id, run_id)
    assert stack.wait_for_end(HEATMAPS, run_id) == "success"
    stack.assert_undisturbed_after(HEATMAPS)
    assert stack.repeated_calls(run_id) == []


@pytest.mark.parametrize(
    ("planned", "endpoint", "probability"),
    [(LINEUPS, "events/lineups", 0.2), (HEATMAPS, "events/player-heatmap", 0.01)],
    ids=["lineups", "heatmaps"],
)
def test_a_clear_of_the_failed_tasks_only_also_loads_what_they_fetch(
    stack: ComparedStack, planned: PlannedRun, endpoint: str, probability: float
) -> None:
    stack.restore_before(planned)
    refused = {"match": {"endpoint": endpoint}, "fault": "403", "times": 1, "probability": probability}
    stack.inject([refused])
    run_id = stack.trigger(planned)
    assert stack.wait_for_end(planned, run_id) == "failed"
    failed = {task.task_id for task in stack.airflow.task_states(planned.slot.dag_id, run_id) if task.state == "failed"}
    assert len(failed) == 1, "only fetch tasks must have failed"
    stack.inject([])
    stack.clear_failed_tasks(planned, run_id)
    assert stack.wait_for_end(planned, run_id) == "success"
    stack.assert_undisturbed_after(planned)
    assert stack.repeated_calls(run_id) == []


def test_clearing_a_map_index_a_task_or_a_run_changes_no_row_and_makes_no_call(stack: ComparedStack) -> None:
    stack.restore_before(LINEUPS)
    run_id = stack.trigger(LINEUPS)
    assert stack.wait_for_end(LINEUPS, run_id) == "success"
    assert stack.calls(run_id) >= MATCHES
    calls = stack.calls(run_id)
    clears: Sequence[Callable[[], None]] = (
        lambda: stack.clear(LINEUPS, run_id, ("fetch_lineup", 0)),
        lambda: stack.clear(LINEUPS, run_id, "load_lineups", downstream=True),
        lambda: stack.airflow.clear_run(LINEUPS.slot.dag_id, run_id),
    )
    for clear in clears:
        clear()
        assert stack.wait_for_end(LINEUPS, run_id) == "success"
        stack.assert_undisturbed_after(LINEUPS)
        assert stack.calls(run_id) == calls


def test_two_manual_runs_and_a_scheduled_one_run_one_after_another(stack: ComparedStack) -> None:
    stack.restore_before(LINEUPS)
    stack.delay_responses(SLOW_MS // 4)
    run_ids = [stack.trigger(LINEUPS) for _ in range(3)]
    # Turn the last run into a scheduled one. Airflow queues both kinds alike.
    stack.airflow_rows(
        "update dag_run set run_type = 'scheduled' where run_id = %s and state = 'queued' returning 1", run_ids[-1]
    )
    most_running = 0

    def have_finished() -> bool:
        nonlocal most_running
        states = [stack.state(LINEUPS, run_id) for run_id in run_ids]
        most_running = max(most_running, states.count("running"))
        return set(states) <= set(FINISHED)

    stack.wait_until("all three have finished", have_finished, 600)
    assert most_running == 1
    assert {stack.state(LINEUPS, run_id) for run_id in run_ids} == {"success"}
    stack.assert_undisturbed_after(LINEUPS)
    assert (
        stack.rows(
            "select resource from pulse.api_calls where run_id = any(%s) and endpoint = 'events/lineups'"
            " group by 1 having count(*) > 1",
            run_ids,
        )
        == []
    )


def test_a_backfill_of_past_weeks_changes_no_row(stack: ComparedStack) -> None:
    stack.restore_before(HEATMAPS)
    stack.command(
        "backfill", "create", "--dag-id", LINEUPS.slot.dag_id,
        "--from-date", "2025-08-11", "--to-date", "2025-08-20", "--max-active-runs", "2",
    )  # fmt: skip
    run_ids: set[str] = set()

    def runs_exist() -> bool:
        run_ids.update(one for one in stack.airflow.run_ids(LINEUPS.slot.dag_id) if one.startswith("backfill__"))
        return len(run_ids) == 2

    stack.wait_until("the backfill has created its runs", runs_exist)
    for run_id in sorted(run_ids):
        assert stack.wait_for_end(LINEUPS, run_id) == "success"
    stack.assert_undisturbed_after(LINEUPS)
    assert [stack.calls(run_id) for run_id in sorted(run_ids)] == [0, 0]


def test_clearing_the_lineups_of_a_match_fetches_its_missing_heatmaps(stack: ComparedStack) -> None:
    stack.restore_before(LINEUPS)
    (event,) = stack.rows("select min(event_id) from pulse.sofasport_events where status_code = 100")[0]
    lineups = stack.trigger(LINEUPS)
    assert stack.wait_for_end(LINEUPS, lineups) == "success"
    # As if SofaSport had not known this match's players yet and the response had been rejected.
    stack.change(
        "update pulse.raw_resources set outcome = 'rejected' where endpoint = 'events/lineups' and resource = %s",
        f"event_id={event}",
    )
    stack.change("delete from pulse.sofasport_lineup_players where event_id = %s", event)
    stack.change("delete from pulse.revisions where table_name = 'sofasport_lineup_players'")
    stack.sandbox.source.set_clock(HEATMAPS.as_of)
    heatmaps = stack.trigger(HEATMAPS)
    stack.wait_for_end(HEATMAPS, heatmaps)
    assert stack.rows("select count(*) from pulse.sofasport_heatmaps where event_id = %s", event) == [(0,)]
    stack.clear(LINEUPS, lineups, ("fetch_lineup", _index_of(stack, lineups, event)), downstream=True)
    assert stack.wait_for_end(LINEUPS, lineups) == "success"
    assert stack.airflow_rows("select clear_number from dag_run where run_id = %s", heatmaps) == [(1,)]
    assert stack.wait_for_end(HEATMAPS, heatmaps) == "success"
    stack.assert_undisturbed_after(HEATMAPS)
    (players,) = stack.rows(
        "select count(*) from pulse.sofasport_lineup_players where minutes > 0 and event_id = %s", event
    )[0]
    fetched = stack.rows(
        "select count(distinct resource) from pulse.api_calls where run_id = %s and resource like %s",
        heatmaps, f"event_id={event}&%",
    )  # fmt: skip
    # Count resources, not calls: the run accepts an empty response only when it comes twice.
    assert fetched == [(players,)]
    assert players > 20
    assert stack.repeated_calls(heatmaps) == []


def test_a_rebuild_from_the_form_restores_corrupted_tables_without_a_call(stack: ComparedStack) -> None:
    stack.restore_before(HEATMAPS)
    stack.change("update pulse.fpl_players set web_name = 'X'")
    stack.change("delete from pulse.sofasport_lineup_players where minutes > 45")
    calls = stack.rows("select count(*) from pulse.api_calls")
    for dag_id in (REBUILD, MANUAL_UPDATE):
        stack.airflow.unpause(dag_id)
    run_id = f"manual_{next(stack.numbers)}"
    stack.airflow.trigger(MANUAL_UPDATE, run_id, None, {"pipeline": REBUILD})

    def has_finished() -> bool:
        rows = stack.airflow_rows("select state from dag_run where run_id = %s", run_id)
        return rows != [] and rows[0][0] in FINISHED

    stack.wait_until("the rebuild has finished", has_finished, 300)
    assert stack.airflow_rows("select state from dag_run where run_id = %s", run_id) == [("success",)]
    stack.assert_undisturbed_after(LINEUPS)
    assert stack.rows("select count(*) from pulse.api_calls") == calls


def _index_of(stack: ComparedStack, run_id: str, event_id: int) -> int:
    """The map index of the task that fetches a match's lineups."""
    (index,) = stack.rows(
        "select map_index from pulse.api_calls where run_id = %s and task_id = 'fetch_lineup' and resource = %s",
        run_id,
        f"event_id={event_id}",
    )[0]
    return int(index)
