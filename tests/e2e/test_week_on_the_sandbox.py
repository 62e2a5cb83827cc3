"""A whole Airflow drives a week of the pretend season: what only a real scheduler can show.

One stack serves the module. `story` plays everything in order; the tests read what it has left.
"""

import json
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
from psycopg import sql
from rich.console import Console

from dev.local import postgres_home, report
from dev.local.__main__ import main
from dev.local.airflow_api import FINISHED, AirflowApi, TaskState
from dev.local.airflow_environment import DEMO_DATABASES, POSTGRES_CONNECTION, admin_password
from dev.local.airflow_stack import LocalStack
from dev.local.commands import STATE_FOLDER
from dev.local.layout import Layout
from dev.local.postgres import EmbeddedPostgres
from dev.local.processes import local_session
from dev.local.progress import Progress
from dev.local.report import RunFigures
from dev.local.source import Sandbox, dsn_of
from dev.local.week_run import SlotRun, WeekRunner, plan_week
from fpl_pulse.airflow.notes import SUMMARY
from fpl_pulse.week import MANUAL_UPDATE, PIPELINES, WEEK

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

MONDAY = date(2025, 8, 25)
MATCHES = 20
"""Gameweeks 1 and 2; the last of them ends on the Monday evening."""
MOST_CHARACTERS = 30_000
"""Of one XCom: far more than the ids of a plan, far less than an answer of an API."""


@dataclass(frozen=True)
class Story:
    """What was done with the stack, and where its traces are."""

    airflow: AirflowApi
    layout: Layout
    dsn: str
    secrets: Mapping[str, str]
    too_early: tuple[str, list[str]]
    """State and log of heatmaps triggered before anything else had run."""
    first: list[SlotRun]
    """The week from nothing, each pipeline at its slot."""
    again: list[SlotRun]
    """All five at Wednesday's moment, for the second time at that moment."""
    changed_by_again: set[str]
    """Tables of data that are not as they were before `again`."""
    by_hand: str
    """State of a manual update of one match."""
    echoed: tuple[str, str]
    """State and message of a run whose calls were refused with the key in the answer."""
    airflow_dsn: str
    """Of Airflow's own database."""
    command_lines: set[str]
    """Of every process of the stack, from its start to the end of the story."""

    def figures(self, runs: Sequence[SlotRun]) -> dict[str, RunFigures]:
        """What the runs have recorded, by pipeline."""
        return {one.run.slot.dag_id: one for one in report.figures_of(self.dsn, runs)}

    def rows(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Rows of the data's database."""
        with psycopg.connect(self.dsn) as connection:
            return connection.execute(statement.encode(), parameters).fetchall()

    def tasks(self, run: SlotRun) -> dict[str, list[TaskState]]:
        """A run's task instances, by task."""
        found: dict[str, list[TaskState]] = {}
        for task in self.airflow.task_states(run.slot.dag_id, run.run_id):
            found.setdefault(task.task_id, []).append(task)
        return found

    def log(self, run: SlotRun, task_id: str) -> str:
        """What a task that is not mapped has logged."""
        return "\n".join(self.airflow.log_lines(run.slot.dag_id, run.run_id, self.tasks(run)[task_id][0]))


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Everything, once."""
    layout = Layout(state=tmp_path_factory.mktemp("e2e") / "local")
    planned = plan_week(MONDAY)
    sandbox = Sandbox.at(layout, planned[0].as_of)
    stack = LocalStack(
        layout,
        sandbox.source.connections,
        databases=DEMO_DATABASES,
        schedules=False,
        on_progress=print,
        calls_per_second="200",
    )
    seen: set[str] = set()
    try:
        with watching(seen, EmbeddedPostgres(layout.postgres)):
            stack.reserve()
            sandbox.start(stack.start_process)
            stack.start()
            story = _play(stack, sandbox, layout, seen)
        yield story
    finally:
        stack.stop()
        postgres_home.remove(layout.postgres)


@contextmanager
def watching(seen: set[str], server: EmbeddedPostgres) -> Iterator[None]:
    """Note the command line of every process that this one has started, and of the database server's."""
    is_over = threading.Event()

    def look() -> None:
        while not is_over.wait(0.2):
            processes = psutil.Process().children(recursive=True)
            with suppress(psutil.Error, OSError):
                if running := server.status():
                    postmaster = psutil.Process(running.pid)
                    processes += [postmaster, *postmaster.children(recursive=True)]
            for process in processes:
                with suppress(psutil.Error):
                    seen.add(" ".join(process.cmdline()))

    thread = threading.Thread(target=look, name="watching", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def _play(stack: LocalStack, sandbox: Sandbox, layout: Layout, seen: set[str]) -> Story:
    planned = plan_week(MONDAY)
    airflow = stack.airflow
    dsn = dsn_of(stack.settings.connections[POSTGRES_CONNECTION])
    runner = WeekRunner(
        airflow,
        Progress(Console(file=StringIO())),
        set_clock=sandbox.source.set_clock,
        logs_at="(the test's logs)",
    )
    runner._wait_for_dags([*PIPELINES, MANUAL_UPDATE])
    for dag_id in (*PIPELINES, MANUAL_UPDATE):
        airflow.unpause(dag_id)
    early = _by_hand(airflow, "collect_heatmaps", "early", {})
    log = [
        line
        for task in airflow.task_states("collect_heatmaps", "early")
        if task.state == "failed"
        for line in airflow.log_lines("collect_heatmaps", "early", task)
    ]
    first = runner.run(planned)
    wednesday = [replace(one, as_of=planned[-1].as_of) for one in planned]
    # Back at Monday's moment FPL would take back what was played on Monday evening.
    runner.run(wednesday)
    before = report.fingerprints(dsn)
    again = runner.run(wednesday)
    after = report.fingerprints(dsn)
    changed = {table for table in after if after[table] != before[table]}
    with psycopg.connect(dsn) as connection:
        event = connection.execute("select min(event_id) from pulse.sofasport_lineups").fetchone()
    assert event is not None
    chosen = {"matches": [event[0]], "refresh": True, "as_of": planned[-1].as_of.isoformat()}
    by_hand = _by_hand(airflow, MANUAL_UPDATE, "by_hand", {"pipeline": "update_lineups", **chosen})
    limits = f"{sandbox.source.clock_url}".replace("/clock", "/limits")
    assert local_session().post(limits, json={"echo_key": True}, timeout=10).ok
    echo = _by_hand(airflow, "collect_heatmaps", "echo", chosen)
    assert local_session().post(limits, json={"echo_key": False}, timeout=10).ok
    with psycopg.connect(dsn) as connection:
        message = connection.execute(
            "select message from pulse.pipeline_runs where run_id = 'echo'"
        ).fetchone()
    assert message is not None
    secrets = {
        "the API key": sandbox.key,
        "the database's password": json.loads(stack.settings.connections[POSTGRES_CONNECTION])["password"],
        "the administrator's password": admin_password(layout),
    }
    return Story(
        airflow,
        layout,
        dsn,
        secrets,
        (early, log),
        first,
        again,
        changed,
        by_hand,
        (echo, message[0]),
        stack.settings.database_dsn,
        seen,
    )


def _by_hand(airflow: AirflowApi, dag_id: str, run_id: str, conf: Mapping[str, object]) -> str:
    """Trigger without a logical date, as the command line does, and wait for the end; returns the state."""
    airflow.trigger(dag_id, run_id, None, conf)
    until = time.monotonic() + 120
    while (state := airflow.run_state(dag_id, run_id)) not in FINISHED:
        assert time.monotonic() < until, f"{dag_id} hangs: {airflow.task_states(dag_id, run_id)}"
        time.sleep(0.3)
    return state


def test_the_week_runs_green_from_nothing(story: Story) -> None:
    assert [run.slot.dag_id for run in story.first] == list(PIPELINES)
    assert {run.state for run in story.first} == {"success"}
    for run in story.first:
        states = {task.label: task.state for tasks in story.tasks(run).values() for task in tasks}
        assert set(states.values()) == {"success"}, states
    figures = report.figures_of(story.dsn, story.first)
    assert report.problems(figures, expect_no_changes=False) == []
    assert all(one.rows_inserted > 0 for one in figures)


def test_what_must_be_complete_is_complete(story: Story) -> None:
    coverage = {
        name: pair for one in story.figures(story.first).values() for name, pair in one.coverage.items()
    }
    assert coverage["clubs linked"] == (20, 20)
    assert coverage["fixtures with an event"] == (380, 380)
    assert coverage["matches"] == (MATCHES, MATCHES)
    for name in ("season statistics", "season totals that add up"):
        have, want = coverage[name]
        assert have == want > 300, name
    for name, least in (("heatmaps", 0.95), ("players mapped", 0.9), ("attributes", 0.8)):
        have, want = coverage[name]
        assert have >= least * want > 0, name


def test_the_tables_hold_the_week(story: Story) -> None:
    def count(table: str, condition: str = "true") -> int:
        return int(story.rows(f"select count(*) from pulse.{table} where {condition}")[0][0])

    assert count("fpl_teams") == count("team_mappings") == 20
    assert count("fpl_fixtures") == count("fixture_mappings", "is_current") == 380
    assert count("sofasport_lineups", "starters = 11 and confirmed") == 2 * MATCHES
    assert count("sofasport_lineup_players", "is_starter and minutes > 0") == 22 * MATCHES
    with_minutes = count("sofasport_lineup_players", "minutes > 0")
    absent = count("raw_resources", "endpoint = 'events/player-heatmap' and outcome = 'no_data'")
    assert count("sofasport_heatmaps") + absent == with_minutes
    assert count("sofasport_season_statistics", "minutes > 0") > 300
    assert count("sofasport_attributes") > 300
    # The Monday evening's match became known between Monday's run and Tuesday's.
    assert count("fpl_fixtures", "finished_provisional") == MATCHES


def test_each_wait_says_which_run_it_takes(story: Story) -> None:
    moments = {run.slot.dag_id: run.as_of for run in story.first}
    for run in story.first:
        if run.slot.waits_for is not None:
            slot = moments[run.slot.waits_for].isoformat()
            log = story.log(run, f"wait_for_{run.slot.waits_for}")
            assert f"Using {run.slot.waits_for}'s run for this week's slot, {slot}." in log


def test_the_week_again_changes_no_row_and_fetches_nothing_anew(story: Story) -> None:
    figures = story.figures(story.again)
    assert {dag_id: one.rows_changed for dag_id, one in figures.items()} == dict.fromkeys(PIPELINES, 0)
    assert story.changed_by_again == set()
    called = {row[0] for row in _calls(story, story.again, "sofasport")}
    assert called <= {"seasons/events"}
    assert len(_calls(story, story.again, "sofasport")) <= 1
    assert {row[0] for row in _calls(story, story.again, "fpl")} <= {"fpl/bootstrap-static", "fpl/fixtures"}


def test_with_nothing_due_the_load_and_the_check_still_run(story: Story) -> None:
    for run in story.again:
        tasks = story.tasks(run)
        fetches = {task.state for name, found in tasks.items() for task in found if task.map_index >= 0}
        assert not fetches, f"{run.slot.dag_id} still had something to fetch"
        for name, found in tasks.items():
            if name.startswith(("load_", "check_", "match_", "plan_", "wait_")):
                assert [task.state for task in found] == ["success"], f"{run.slot.dag_id} {name}"


def test_heatmaps_before_any_lineups_are_refused_with_a_sentence(story: Story) -> None:
    state, log = story.too_early
    assert state == "failed"
    assert "update_lineups has no run for this week's slot" in "\n".join(log)
    assert "airflow dags trigger update_lineups" in "\n".join(log)


def test_one_match_by_hand_costs_one_call(story: Story) -> None:
    assert story.by_hand == "success"
    runs = story.rows(
        "select run_id, state, coverage from pulse.pipeline_runs where dag_id = 'update_lineups' and not is_full"
    )
    assert [row[1] for row in runs] == ["success"]
    calls = story.rows(
        "select endpoint, resource from pulse.api_calls where dag_id = 'update_lineups' and run_id = %s"
        " and api = 'sofasport'",
        runs[0][0],
    )
    event = story.rows("select min(event_id) from pulse.sofasport_lineups")[0][0]
    assert calls == [("events/lineups", f"event_id={event}")]


def test_tasks_hand_on_ids_and_counts_only(story: Story) -> None:
    airflow = story.airflow
    seen = 0
    for run in story.first:
        path = f"dags/{run.slot.dag_id}/dagRuns/{run.run_id.replace('+', '%2B')}"
        for entry in airflow._pages(f"{path}/taskInstances/~/xcomEntries", "xcom_entries"):
            if entry["key"].startswith("_link_"):
                continue  # Airflow's own: the address behind the sensor's button
            if entry["key"] == SUMMARY and entry["task_id"].startswith("check_"):
                continue  # the sentence of the run's note
            found = airflow._call(
                "GET",
                f"{path}/taskInstances/{entry['task_id']}/xcomEntries/{entry['key']}",
                parameters={"map_index": entry["map_index"], "deserialize": "false"},
            )
            value = found["value"]
            try:
                value = json.loads(value) if isinstance(value, str) else value
            except ValueError:
                pytest.fail(f"{entry['task_id']} hands on the text {value[:80]!r}")
            assert all(isinstance(leaf, int) for leaf in _leaves(value)), (entry["task_id"], value)
            assert len(json.dumps(value)) < MOST_CHARACTERS
            seen += 1
    assert seen > 5 * MATCHES / 2


def test_no_secret_is_in_any_file_that_the_stack_wrote(story: Story) -> None:
    # Made to hold secrets, each for its owner's eyes only.
    holders = [*story.layout.secrets.iterdir(), story.layout.airflow_home / "passwords.json"]
    holders.append(story.layout.postgres / "password")
    assert {path.stat().st_mode & 0o077 for path in holders} == {0}
    for what, secret in story.secrets.items():
        assert any(secret in path.read_text() for path in holders), f"{what} is kept where this does not look"
    folders = {story.layout.state, EmbeddedPostgres(story.layout.postgres).home.folder}
    files = [
        path for folder in folders for path in folder.rglob("*") if path.is_file() and path not in holders
    ]
    assert len([path for path in files if path.suffix == ".log"]) > 100
    for path in files:
        with suppress(FileNotFoundError):
            content = path.read_bytes()
            for what, secret in story.secrets.items():
                assert secret.encode() not in content, f"{what} is in {_short(path)}"


def test_no_secret_is_in_any_table_of_both_databases(story: Story) -> None:
    for dsn, least in ((story.dsn, "api_calls"), (story.airflow_dsn, "rendered_task_instance_fields")):
        tables = _tables(dsn)
        assert least in {table for _, table in tables}
        for schema, table in tables:
            for what, secret in story.secrets.items():
                assert len(secret) >= 16
                for form in (secret, secret.encode().hex()):
                    assert not _table_has(dsn, schema, table, form), f"{what} is in {schema}.{table}"
    assert _table_has(story.dsn, "pulse", "api_calls", "events/lineups")


def test_no_secret_is_in_a_command_line(story: Story) -> None:
    for part in ("initdb", "postgres: ", "dev.sandbox", "scheduler", "airflow worker -- "):
        assert any(part in line for line in story.command_lines), part
    for what, secret in story.secrets.items():
        assert not any(secret in line for line in story.command_lines), f"{what} is in the process list"


def test_a_source_that_echoes_the_key_gives_it_away_to_nobody(story: Story) -> None:
    state, message = story.echoed
    assert state == "failed"
    assert "You are not subscribed to this API. Your key is ***." in message


def test_commands_run_in_the_running_stacks_environment(
    story: Story, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(STATE_FOLDER, str(story.layout.state))
    assert main(["run", "python", "-m", "fpl_pulse.cli.mappings", "report"]) == 0
    report_of_clubs = capfd.readouterr().out
    assert report_of_clubs.startswith("Who is who in 2025-26\n")
    assert "The 10 weakest links:" in report_of_clubs
    assert main(["run", "airflow", "dags", "list"]) == 0
    assert "update_lineups" in capfd.readouterr().out
    assert main(["run", "no-such-command"]) == 1
    assert "There is no command 'no-such-command' here" in capfd.readouterr().err


def test_the_slots_of_the_story_are_the_week_itself(story: Story) -> None:
    assert [run.as_of for run in story.first] == [one.as_of for one in plan_week(MONDAY)]
    assert story.first[0].as_of == datetime(2025, 8, 25, 1, tzinfo=UTC)
    assert len(story.first) == len(WEEK)


def _calls(story: Story, runs: Sequence[SlotRun], api: str) -> list[tuple[Any, ...]]:
    run_ids = [run.run_id for run in runs]
    return story.rows(
        "select endpoint, resource from pulse.api_calls where run_id = any(%s) and api = %s", run_ids, api
    )


def _leaves(value: object) -> Iterator[object]:
    if isinstance(value, Mapping):
        for part in value.values():
            yield from _leaves(part)
    elif isinstance(value, list):
        for part in value:
            yield from _leaves(part)
    elif value is not None:
        yield value


def _tables(dsn: str) -> list[tuple[str, str]]:
    with psycopg.connect(dsn) as connection:
        return connection.execute(
            "select schemaname, tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"
        ).fetchall()


def _table_has(dsn: str, schema: str, table: str, text: str) -> bool:
    statement = sql.SQL("select exists (select from {} as line where strpos(line::text, %s) > 0)")
    with psycopg.connect(dsn) as connection:
        row = connection.execute(statement.format(sql.Identifier(schema, table)), [text]).fetchone()
    return row is not None and bool(row[0])


def _short(path: Path) -> str:
    return "/".join(path.parts[-4:])
