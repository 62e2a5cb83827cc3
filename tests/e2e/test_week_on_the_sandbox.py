"""A week of the sandbox on a real Airflow: what only a real scheduler can show.

The fixture `results` runs everything once, in order, on one stack. The tests check what it left behind.
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
import requests
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
from dev.local.switches import wait_for_dags
from dev.local.week_run import SlotRun, WeekRunner, plan_week
from fpl_pulse.airflow.notes import SUMMARY
from fpl_pulse.week import MANUAL_UPDATE, PIPELINES, WEEK, display_name, in_london

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

MONDAY = date(2025, 8, 25)
MATCHES = 20
"""The matches of gameweeks 1 and 2. The last one ends on Monday evening."""
MOST_CHARACTERS = 30_000
"""Limit of one XCom: far more than the ids of a plan, far less than an API response."""


@dataclass(frozen=True)
class RedRun:
    """A run that failed, and what became of it when it was marked as success."""

    state: str
    log: list[dict[str, Any]]
    """The events of the failed task."""
    note: str
    alert: tuple[str, bool, str | None]
    """Message, whether it is open, and who closed it."""
    alert_after: tuple[str, bool, str | None] | None
    note_after: str


@dataclass(frozen=True)
class Results:
    """What was run on the stack, and where its traces are."""

    airflow: AirflowApi
    layout: Layout
    dsn: str
    secrets: Mapping[str, str]
    too_early: tuple[str, list[str]]
    """State and log of a heatmaps run that was triggered before any other pipeline had run."""
    wrong: RedRun
    """A heatmaps run with a misspelt parameter, which an operator then marks as success."""
    first: list[SlotRun]
    """The week on empty tables, each pipeline at its slot."""
    repeated: list[SlotRun]
    """All five pipelines with Wednesday's as-of time, for the second time."""
    changed_by_repetition: set[str]
    """Tables that the runs of `repeated` have changed."""
    manual_state: str
    """State of a manual run for one match."""
    echoed: tuple[str, str]
    """State and message of a run whose calls were refused by a response that contains the key."""
    airflow_dsn: str
    """The address of Airflow's metadata database."""
    command_lines: set[str]
    """The command lines of all processes of the stack."""

    def figures(self, runs: Sequence[SlotRun]) -> dict[str, RunFigures]:
        """Return the recorded figures of runs, by pipeline."""
        return {one.run.slot.dag_id: one for one in report.figures_of(self.dsn, runs)}

    def rows(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Run a query on the product's database and return its rows."""
        with psycopg.connect(self.dsn) as connection:
            return connection.execute(statement.encode(), parameters).fetchall()

    def tasks(self, run: SlotRun) -> dict[str, list[TaskState]]:
        """Return a run's task instances, by task id."""
        found: dict[str, list[TaskState]] = {}
        for task in self.airflow.task_states(run.slot.dag_id, run.run_id):
            found.setdefault(task.task_id, []).append(task)
        return found

    def log(self, run: SlotRun, task_id: str) -> str:
        """Return the log of a task that is not mapped."""
        return "\n".join(self.airflow.log_lines(run.slot.dag_id, run.run_id, self.tasks(run)[task_id][0]))


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Results]:
    """Run everything once."""
    layout = Layout(state=tmp_path_factory.mktemp("e2e") / "local")
    planned = plan_week(MONDAY)
    sandbox = Sandbox.at(layout, planned[0].as_of)
    stack = LocalStack(
        layout,
        sandbox.source.variables,
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
            results = _run(stack, sandbox, layout, seen)
        yield results
    finally:
        stack.stop()
        postgres_home.remove(layout.postgres)


@contextmanager
def watching(seen: set[str], server: EmbeddedPostgres) -> Iterator[None]:
    """Collect the command lines of all child processes and of the database server."""
    stop = threading.Event()

    def look() -> None:
        while not stop.wait(0.2):
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
        stop.set()
        thread.join()


def _run(stack: LocalStack, sandbox: Sandbox, layout: Layout, seen: set[str]) -> Results:
    planned = plan_week(MONDAY)
    airflow = stack.airflow
    dsn = dsn_of(stack.settings.connections[POSTGRES_CONNECTION])
    runner = WeekRunner(
        airflow, Progress(Console(file=StringIO())), set_clock=sandbox.source.set_clock, logs_at="(the test's logs)"
    )
    wait_for_dags(airflow, [*PIPELINES, MANUAL_UPDATE])
    for dag_id in (*PIPELINES, MANUAL_UPDATE):
        airflow.unpause(dag_id)
    early = _manual_run(airflow, "collect_heatmaps", "early", {})
    log = [
        line
        for task in airflow.task_states("collect_heatmaps", "early")
        if task.state == "failed"
        for line in airflow.log_lines("collect_heatmaps", "early", task)
    ]
    wrong = _red_run(airflow, dsn)
    first = runner.run(planned)
    wednesday = [replace(one, as_of=planned[-1].as_of) for one in planned]
    # Use Wednesday for all: with Monday's as-of time FPL would withdraw the match of Monday evening.
    runner.run(wednesday)
    before = report.fingerprints(dsn)
    repeated = runner.run(wednesday)
    after = report.fingerprints(dsn)
    changed = {table for table in after if after[table] != before[table]}
    with psycopg.connect(dsn) as connection:
        event = connection.execute("select min(event_id) from pulse.sofasport_lineups").fetchone()
    assert event is not None
    # Without an as-of time: the clock of the sandbox shows Wednesday.
    chosen = {"matches": [event[0]], "refresh": True}
    manual_state = _manual_run(airflow, MANUAL_UPDATE, "one_match", {"pipeline": "update_lineups", **chosen})
    limits = f"{sandbox.source.clock_url}".replace("/clock", "/limits")
    assert local_session().post(limits, json={"echo_key": True}, timeout=10).ok
    echo = _manual_run(airflow, "collect_heatmaps", "echo", chosen)
    assert local_session().post(limits, json={"echo_key": False}, timeout=10).ok
    with psycopg.connect(dsn) as connection:
        message = connection.execute("select message from pulse.pipeline_runs where run_id = 'echo'").fetchone()
    assert message is not None
    secrets = {
        "the API key": sandbox.key,
        "the database's password": json.loads(stack.settings.connections[POSTGRES_CONNECTION])["password"],
        "the administrator's password": admin_password(layout),
    }
    return Results(
        airflow,
        layout,
        dsn,
        secrets,
        (early, log),
        wrong,
        first,
        repeated,
        changed,
        manual_state,
        (echo, message[0]),
        stack.settings.database_dsn,
        seen,
    )


def _red_run(airflow: AirflowApi, dsn: str) -> RedRun:
    """Trigger a run with a misspelt parameter, wait for its alert, and mark it as success."""
    dag_id, run_id = "collect_heatmaps", "wrong"
    state = _manual_run(airflow, dag_id, run_id, {"gameweek": [1]})
    (task,) = [one for one in airflow.task_states(dag_id, run_id) if one.state == "failed"]
    path = f"dags/{dag_id}/dagRuns/{run_id}"
    log = airflow._call("GET", f"{path}/taskInstances/{task.task_id}/logs/1", parameters={"full_content": "true"})

    def alert() -> tuple[str, bool, str | None] | None:
        statement = "select message, closed_at is null, closed_by from pulse.alerts where run_id = %s"
        with psycopg.connect(dsn) as connection:
            return connection.execute(statement, [run_id]).fetchone()

    until = time.monotonic() + 180
    while (raised := alert()) is None:
        assert time.monotonic() < until, "the failed run was not reported after 180 s"
        time.sleep(0.5)
    note = airflow._call("GET", path)["note"]
    airflow._call("PATCH", path, {"state": "success"})
    return RedRun(state, log["content"], note, raised, alert(), airflow._call("GET", path)["note"])


def _manual_run(airflow: AirflowApi, dag_id: str, run_id: str, conf: Mapping[str, object]) -> str:
    """Trigger a run without a logical date, as the command line does. Returns its state after it has finished."""
    airflow.trigger(dag_id, run_id, None, conf)
    until = time.monotonic() + 120
    while (state := airflow.run_state(dag_id, run_id)) not in FINISHED:
        assert time.monotonic() < until, f"{dag_id} has not finished after 120 s: {airflow.task_states(dag_id, run_id)}"
        time.sleep(0.3)
    return state


def test_the_week_succeeds_on_empty_tables(results: Results) -> None:
    assert [run.slot.dag_id for run in results.first] == list(PIPELINES)
    assert {run.state for run in results.first} == {"success"}
    for run in results.first:
        states = {task.label: task.state for tasks in results.tasks(run).values() for task in tasks}
        assert set(states.values()) == {"success"}, states
    figures = report.figures_of(results.dsn, results.first)
    assert report.problems(figures, expect_no_changes=False) == []
    assert all(one.rows_inserted > 0 for one in figures)


def test_the_coverage_of_the_week_is_complete(results: Results) -> None:
    coverage = {name: pair for one in results.figures(results.first).values() for name, pair in one.coverage.items()}
    assert coverage["clubs linked"] == (20, 20)
    assert coverage["fixtures with an event"] == (380, 380)
    assert coverage["matches"] == (MATCHES, MATCHES)
    for name in ("season statistics", "season totals that add up"):
        have, want = coverage[name]
        assert have == want > 300, name
    for name, least in (("heatmaps", 0.95), ("players mapped", 0.9), ("attributes", 0.8)):
        have, want = coverage[name]
        assert have >= least * want > 0, name


def test_the_tables_contain_the_week(results: Results) -> None:
    def count(table: str, condition: str = "true") -> int:
        return int(results.rows(f"select count(*) from pulse.{table} where {condition}")[0][0])

    assert count("fpl_teams") == count("team_mappings") == 20
    assert count("fpl_fixtures") == count("fixture_mappings", "is_current") == 380
    assert count("sofasport_lineups", "starters = 11 and confirmed") == 2 * MATCHES
    assert count("sofasport_lineup_players", "is_starter and minutes > 0") == 22 * MATCHES
    with_minutes = count("sofasport_lineup_players", "minutes > 0")
    no_data = count("raw_resources", "endpoint = 'events/player-heatmap' and outcome = 'no_data'")
    assert count("sofasport_heatmaps") + no_data == with_minutes
    assert count("sofasport_season_statistics", "minutes > 0") > 300
    assert count("sofasport_attributes") > 300
    # The match of Monday evening ended between the runs of Monday and Tuesday.
    assert count("fpl_fixtures", "finished_provisional") == MATCHES


def test_each_sensor_logs_which_run_it_accepts(results: Results) -> None:
    as_of = {run.slot.dag_id: run.as_of for run in results.first}
    for run in results.first:
        if run.slot.waits_for is not None:
            slot = in_london(as_of[run.slot.waits_for])
            log = results.log(run, f"wait_for_{run.slot.waits_for}")
            assert f"Using the run of {display_name(run.slot.waits_for)} for this week's slot, {slot}." in log


def test_a_repeated_week_changes_no_row_and_fetches_only_reference_data(results: Results) -> None:
    figures = results.figures(results.repeated)
    assert {dag_id: one.rows_changed for dag_id, one in figures.items()} == dict.fromkeys(PIPELINES, 0)
    assert results.changed_by_repetition == set()
    called = {row[0] for row in _calls(results, results.repeated, "sofasport")}
    assert called <= {"seasons/events"}
    assert len(_calls(results, results.repeated, "sofasport")) <= 1
    assert {row[0] for row in _calls(results, results.repeated, "fpl")} <= {"fpl/bootstrap-static", "fpl/fixtures"}


def test_load_and_check_run_when_nothing_is_due(results: Results) -> None:
    for run in results.repeated:
        tasks = results.tasks(run)
        fetches = {task.state for name, found in tasks.items() for task in found if task.map_index >= 0}
        assert not fetches, f"{run.slot.dag_id} fetched something"
        for name, found in tasks.items():
            if name.startswith(("load_", "check_", "resolve_", "reconcile_", "report_", "plan_", "wait_")):
                assert [task.state for task in found] == ["success"], f"{run.slot.dag_id} {name}"


def test_heatmaps_before_any_lineups_fail_and_say_what_to_do(results: Results) -> None:
    state, log = results.too_early
    assert state == "failed"
    assert "Tue 03:00 · Lineups has no run for this week's slot" in "\n".join(log)
    assert "airflow dags trigger update_lineups" in "\n".join(log)


def test_the_log_of_a_known_error_ends_with_one_sentence_and_no_traceback(results: Results) -> None:
    last = results.wrong.log[-1]["event"]
    assert last.startswith("Trigger a new run with correct parameters; do not clear this one. ")
    assert "has no parameter gameweek" in last
    assert last.endswith("Runbook: docs/runbook.md#wrong-parameters")
    assert [event for event in results.wrong.log if event.get("error_detail")] == []


def test_the_note_and_the_alert_of_a_red_run_say_why_and_what_to_do(results: Results) -> None:
    message, is_open, _ = results.wrong.alert
    assert results.wrong.state == "failed"
    assert is_open
    for text in (results.wrong.note, message):
        assert "has no parameter gameweek" in text
        assert "Trigger a new run" in text
        assert "clear the failed tasks" not in text
        assert "docs/runbook.md#wrong-parameters" in text
    assert message.startswith("Tue 04:00 · Heatmaps failed.")


def test_a_run_that_is_marked_as_success_has_no_open_alert_and_no_red_note(results: Results) -> None:
    assert results.wrong.alert_after is not None
    assert results.wrong.alert_after[1:] == (False, "the run was marked as success in Airflow")
    assert results.wrong.note_after == "FPL Pulse: SUCCESS: the run was marked as success in Airflow"


def test_a_manual_run_for_one_match_makes_one_call(results: Results) -> None:
    assert results.manual_state == "success"
    runs = results.rows(
        "select run_id, state, as_of from pulse.pipeline_runs where dag_id = 'update_lineups' and not is_full"
    )
    assert [row[1:] for row in runs] == [("success", results.first[-1].as_of)]
    calls = results.rows(
        "select endpoint, resource from pulse.api_calls where dag_id = 'update_lineups' and run_id = %s"
        " and api = 'sofasport'",
        runs[0][0],
    )
    event = results.rows("select min(event_id) from pulse.sofasport_lineups")[0][0]
    assert calls == [("events/lineups", f"event_id={event}")]


def test_xcoms_contain_only_ids_and_counts(results: Results) -> None:
    airflow = results.airflow
    seen = 0
    for run in results.first:
        path = f"dags/{run.slot.dag_id}/dagRuns/{run.run_id.replace('+', '%2B')}"
        for entry in airflow._pages(f"{path}/taskInstances/~/xcomEntries", "xcom_entries"):
            if entry["key"].startswith("_link_"):
                continue  # written by Airflow: the link of the sensor's button
            if entry["key"] == SUMMARY:
                continue  # the text of the run's note
            found = airflow._call(
                "GET",
                f"{path}/taskInstances/{entry['task_id']}/xcomEntries/{entry['key']}",
                parameters={"map_index": entry["map_index"], "deserialize": "false"},
            )
            value = found["value"]
            try:
                value = json.loads(value) if isinstance(value, str) else value
            except ValueError:
                pytest.fail(f"The XCom {entry['key']} of {entry['task_id']} is the text {value[:80]!r}.")
            assert all(isinstance(leaf, int) for leaf in _leaves(value)), (entry["task_id"], value)
            assert len(json.dumps(value)) < MOST_CHARACTERS
            seen += 1
    assert seen > 5 * MATCHES / 2


def test_no_file_of_the_stack_contains_a_secret(results: Results) -> None:
    # These files store the secrets. Only their owner may read them.
    secret_files = [*results.layout.secrets.iterdir(), results.layout.airflow_home / "passwords.json"]
    secret_files.append(results.layout.postgres / "password")
    assert {path.stat().st_mode & 0o077 for path in secret_files} == {0}
    for what, secret in results.secrets.items():
        assert any(secret in path.read_text() for path in secret_files), f"{what} is in none of the secret files"
    folders = {results.layout.state, EmbeddedPostgres(results.layout.postgres).home.folder}
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file() and path not in secret_files]
    assert len([path for path in files if path.suffix == ".log"]) > 100
    for path in files:
        with suppress(FileNotFoundError):
            content = path.read_bytes()
            for what, secret in results.secrets.items():
                assert secret.encode() not in content, f"{what} is in {_short(path)}"


def test_no_table_of_either_database_contains_a_secret(results: Results) -> None:
    for dsn, least in ((results.dsn, "api_calls"), (results.airflow_dsn, "rendered_task_instance_fields")):
        tables = _tables(dsn)
        assert least in {table for _, table in tables}
        for schema, table in tables:
            for what, secret in results.secrets.items():
                assert len(secret) >= 16
                for form in (secret, secret.encode().hex()):
                    assert not _table_has(dsn, schema, table, form), f"{what} is in {schema}.{table}"
    assert _table_has(results.dsn, "pulse", "api_calls", "events/lineups")


def test_no_command_line_contains_a_secret(results: Results) -> None:
    for part in ("initdb", "postgres: ", "dev.sandbox", "scheduler", "airflow worker -- "):
        assert any(part in line for line in results.command_lines), part
    for what, secret in results.secrets.items():
        assert not any(secret in line for line in results.command_lines), f"{what} is in a command line"


def test_a_key_that_the_source_echoes_is_masked(results: Results) -> None:
    state, message = results.echoed
    assert state == "failed"
    assert "You are not subscribed to this API. Your key is ***." in message


def test_commands_use_the_environment_of_the_running_stack(
    results: Results, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(STATE_FOLDER, str(results.layout.state))
    assert main(["run", "python", "-m", "fpl_pulse.cli.mappings", "report"]) == 0
    report_of_clubs = capfd.readouterr().out
    assert report_of_clubs.startswith("Identity resolution in 2025-26\n")
    assert "The 10 weakest links:" in report_of_clubs
    assert main(["run", "airflow", "dags", "list"]) == 0
    assert "update_lineups" in capfd.readouterr().out
    assert main(["run", "no-such-command"]) == 1
    assert "'no-such-command'" in capfd.readouterr().err


def test_users_of_airflow_read_the_api_and_nobody_else(results: Results) -> None:
    address = f"{results.airflow.url}/fpl-pulse"
    token = results.airflow.token()
    for path in ("/openapi.json", "/api/week-status/", "/api/players/?limit=3"):
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Cookie": "_token=wrong"}):
            refused = requests.get(address + path, headers=headers, timeout=30)
            assert refused.status_code in {401, 403}
            assert refused.headers["Content-Type"] == "application/problem+json"
        for headers in ({"Authorization": f"Bearer {token}"}, {"Cookie": f"_token={token}"}):
            response = requests.get(address + path, headers=headers, timeout=30)
            assert response.status_code == 200, response.text
    slots = requests.get(f"{address}/api/week-status/", headers={"Authorization": f"Bearer {token}"}, timeout=30).json()
    assert {slot["dag_id"] for slot in slots} == {slot.dag_id for slot in WEEK}


def test_the_runs_have_the_slots_of_the_week(results: Results) -> None:
    assert [run.as_of for run in results.first] == [one.as_of for one in plan_week(MONDAY)]
    assert results.first[0].as_of == datetime(2025, 8, 25, 1, tzinfo=UTC)
    assert len(results.first) == len(WEEK)


def _calls(results: Results, runs: Sequence[SlotRun], api: str) -> list[tuple[Any, ...]]:
    run_ids = [run.run_id for run in runs]
    return results.rows(
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
