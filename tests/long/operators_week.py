"""The story of an operator's week on a whole Airflow: every step as a person takes it, and what it has left."""

import json
import subprocess
import sys
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import requests

from dev.local.airflow_environment import ADMIN, admin_password, environment
from dev.local.week_run import PlannedRun, plan_week
from fpl_pulse.week import PIPELINES
from tests.db.sinks import Sink
from tests.long.stage import Stage

MONDAY = date(2025, 8, 25)
PLANNED = plan_week(MONDAY)
MAPPINGS, LINEUPS, HEATMAPS, STATISTICS, ATTRIBUTES = PLANNED
OF_THE_MATCH = "(select player_id from pulse.sofasport_lineup_players where event_id = %s and minutes > 0)"
FORTNIGHT = [date(2025, 9, 1), date(2025, 9, 8)]
RESCHEDULED = ("update_lineups", "wait_for_update_fixture_mappings")


@dataclass
class OperatorsStage(Stage):
    """The stack, and the sink that its alerts go to."""

    told: Sink = field(default_factory=Sink)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """An airflow command, whatever comes of it."""
        return subprocess.run(
            [sys.executable, "-m", "airflow", *arguments],
            env=environment(self.stack.settings),
            capture_output=True,
            text=True,
            check=False,
        )

    def backfill(self, planned: PlannedRun, first: date, last: date, **conf: object) -> list[str]:
        """`airflow backfill create` for a pipeline's slots from one day to another; the runs, when they are over."""
        known = self.airflow.run_ids(planned.slot.dag_id)
        self.wait_until_no_backfill_runs(planned.slot.dag_id)
        self.command(
            "backfill", "create", "--dag-id", planned.slot.dag_id,
            "--from-date", first.isoformat(), "--to-date", last.isoformat(), "--max-active-runs", "1",
            "--dag-run-conf", json.dumps(conf),
        )  # fmt: skip
        found: set[str] = set()

        def are_there() -> bool:
            found.update(self.airflow.run_ids(planned.slot.dag_id) - known)
            return bool(found)

        self.wait_until("the backfill's runs are there", are_there)
        for run_id in sorted(found):
            self.wait_for_end(planned, run_id)
        return sorted(found)

    def wait_until_no_backfill_runs(self, dag_id: str) -> None:
        """Airflow lets a DAG have one at a time, and notices some seconds late that the last one is over."""
        self.wait_until(
            f"the backfill of {dag_id} is over",
            lambda: (
                not self.airflow_rows(
                    "select 1 from backfill where dag_id = %s and completed_at is null", dag_id
                )
            ),
        )

    def alerts(self) -> list[tuple[str, str, str, bool]]:
        """Kind, run, message and whether still open, in the order in which they were raised."""
        statement = "select kind, run_id, message, closed_at is null from pulse.alerts order by alert_id"
        return self.rows(statement)

    def wait_until_told_of(self, run_id: str, times: int = 1) -> None:
        """Airflow calls back a moment after a run has failed."""
        self.wait_until(
            f"{run_id} is reported {times} times",
            lambda: (
                [one[1] for one in self.alerts()].count(run_id) >= times
                and sum(run_id in message["title"] for message in self.told.received) >= times
            ),
        )

    def runs(self, *run_ids: str) -> list[dict[str, Any]]:
        """Runs as the REST API has them."""
        dags = [planned.slot.dag_id for planned in PLANNED]
        found = [run for dag_id in dags for run in self.airflow._pages(f"dags/{dag_id}/dagRuns", "dag_runs")]
        return [run for run in found if run["dag_run_id"] in run_ids]

    def deadlines(self) -> list[tuple[str, bool]]:
        """Runs that have a deadline, and whether it was missed, as the UI shows them."""
        login = {"username": ADMIN, "password": admin_password(self.sandbox.layout)}
        url = self.stack.settings.url
        token = requests.post(f"{url}/auth/token", json=login, timeout=30).json()["access_token"]
        answer = requests.get(
            f"{url}/ui/dags/~/dagRuns/~/deadlines", headers={"Authorization": f"Bearer {token}"}, timeout=30
        )
        return [(one["dag_run_id"], one["missed"]) for one in answer.json()["deadlines"]]

    def schedule(self) -> None:
        """Let the scheduler create runs by the clock, as it does everywhere but in tests and demos."""
        scheduler = self.stack._children["scheduler"]
        scheduler.terminate()
        scheduler.wait(60)
        settings = replace(self.stack.settings, schedules=True)
        command = [sys.executable, "-m", "airflow", "scheduler", "--skip-serve-logs"]
        self.stack.run_beside("scheduler", command, environment(settings))


@dataclass
class Week:
    """What was done, and what each step left."""

    stage: OperatorsStage
    runs: dict[str, list[str]] = field(default_factory=dict)
    """Step to its runs."""
    alerts: dict[str, list[tuple[str, str, str, bool]]] = field(default_factory=dict)
    """Step to the alerts that it added, as they were right after it."""
    messages: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    """Step to what was sent."""
    seen: dict[str, Any] = field(default_factory=dict)

    def end(self, step: str, *run_ids: str) -> None:
        """Keep what a step has left."""
        known = sum(map(len, self.alerts.values()))
        self.runs[step] = list(run_ids)
        self.alerts[step] = self.stage.alerts()[known:]
        self.messages[step] = self.stage.told.received[sum(map(len, self.messages.values())) :]


def week_by_backfill(week: Week) -> None:
    """A past week slot by slot, the clock of the data moving along."""
    stage = week.stage
    stage.wait_until("the DAGs are read", lambda: set(PIPELINES) <= stage.airflow.dag_ids())
    run_ids = []
    for planned in PLANNED:
        stage.sandbox.source.set_clock(planned.as_of)
        stage.airflow.unpause(planned.slot.dag_id)
        day = planned.as_of.date()
        run_ids += stage.backfill(planned, day, day + timedelta(days=1))
    week.end("week", *run_ids)


def by_hand(week: Week) -> None:
    """One match of yesterday fetched again, by the command line."""
    stage = week.stage
    (event,) = stage.rows("select min(event_id) from pulse.sofasport_lineups")[0]
    conf = {"matches": [event], "refresh": True, "as_of": ATTRIBUTES.as_of.isoformat()}
    stage.command("dags", "trigger", "collect_heatmaps", "--run-id", "by_hand", "--conf", json.dumps(conf))
    stage.wait_for_end(HEATMAPS, "by_hand")
    week.seen["match"] = event
    week.end("by hand", "by_hand")


def wrong_values(week: Week) -> None:
    """What nobody can have meant."""
    stage = week.stage
    week.seen["refused"] = {}
    wrong: dict[str, dict[str, object]] = {
        "a gameweek too many": {"gameweeks": [39]},
        "a text": {"matches": "all"},
        "an unknown name": {"gameweek": [2]},
        "no calls": {"most_calls": 0},
    }
    for name, conf in wrong.items():
        calls = stage.rows("select count(*) from pulse.api_calls")
        run_id = name.replace(" ", "_")
        done = stage.run(
            "dags", "trigger", "collect_heatmaps", "--run-id", run_id, "--conf",
            json.dumps({**conf, "as_of": ATTRIBUTES.as_of.isoformat()}),
        )  # fmt: skip
        said = done.stdout + done.stderr
        if done.returncode == 0:
            assert stage.wait_for_end(HEATMAPS, run_id) == "failed"
            stage.wait_until_told_of(run_id)
            said = next(message for _, one, message, _ in stage.alerts() if one == run_id)
        week.seen["refused"][name] = (said, calls == stage.rows("select count(*) from pulse.api_calls"))
    week.end("wrong values")


def two_failed_fetches(week: Week) -> None:
    """Two matches that the source does not give, however often it is asked; then it does, and a person clears."""
    stage = week.stage
    events = [
        row[0]
        for row in stage.rows("select distinct event_id from pulse.sofasport_lineups order by 1 limit 2")
    ]
    stage.inject(
        [{"match": {"endpoint": "events/lineups", "query": {"event_id": str(event)}}, "fault": "http_503"}
         for event in events]
    )  # fmt: skip
    run_id = stage.trigger(replace(LINEUPS, as_of=ATTRIBUTES.as_of), matches=events, refresh=True)
    assert stage.wait_for_end(LINEUPS, run_id) == "failed"
    stage.wait_until_told_of(run_id)
    week.end("failed fetch", run_id)
    stage.inject([])
    stage.command("tasks", "clear", "--only-failed", "--yes", "update_lineups")
    week.seen["after the clear"] = stage.wait_for_end(LINEUPS, run_id)
    week.end("failed fetch cleared", run_id)


def one_match_cleared(week: Week) -> None:
    """Of the week's lineups one match, and what follows, is cleared; its heatmaps were lost before."""
    stage = week.stage
    event = week.seen["match"]
    lineups, heatmaps, statistics = week.runs["week"][1:4]
    stage.change("delete from pulse.sofasport_heatmaps where event_id = %s", event)
    stage.change(
        "update pulse.raw_reads set outcome = 'refused' where endpoint = 'events/player-heatmap' and resource like %s",
        f"event_id={event}&%",
    )
    stage.change(f"delete from pulse.sofasport_season_statistics where player_id in {OF_THE_MATCH}", event)
    stage.change(
        "update pulse.raw_reads set outcome = 'refused' where endpoint = 'players/statistics/result'"
        f" and substring(resource from 'player_id=([0-9]+)')::int in {OF_THE_MATCH}",
        event,
    )
    week.seen["calls before"] = stage.calls(statistics)
    index = next(
        task.map_index
        for task in stage.tasks(LINEUPS, lineups, "fetch_lineup")
        if stage.rows(
            "select 1 from pulse.api_calls where run_id = %s and task_id = 'fetch_lineup' and map_index = %s"
            " and resource = %s", lineups, task.map_index, f"event_id={event}",
        )
    )  # fmt: skip
    stage.clear(LINEUPS, lineups, ("fetch_lineup", index), downstream=True)
    week.seen["cleared"] = {
        planned.slot.dag_id: stage.wait_for_end(planned, run_id)
        for planned, run_id in ((LINEUPS, lineups), (HEATMAPS, heatmaps), (STATISTICS, statistics))
    }
    week.end("clear", lineups, heatmaps, statistics)


def fortnight(week: Week) -> None:
    """Two past weeks at once, pipeline after pipeline."""
    stage = week.stage
    planned = plan_week(FORTNIGHT[-1])
    stage.sandbox.source.set_clock(planned[-1].as_of)
    run_ids = []
    for one in planned:
        run_ids += stage.backfill(one, FORTNIGHT[0], FORTNIGHT[-1] + timedelta(days=6))
    week.end("fortnight", *run_ids)
    before = sorted((run["dag_run_id"], run["start_date"]) for run in stage.runs(*run_ids))
    stage.wait_until_no_backfill_runs("update_lineups")
    stage.command(
        "backfill", "create", "--dag-id", "update_lineups",
        "--from-date", FORTNIGHT[0].isoformat(), "--to-date", (FORTNIGHT[-1] + timedelta(days=6)).isoformat(),
    )  # fmt: skip
    after = sorted((run["dag_run_id"], run["start_date"]) for run in stage.runs(*run_ids))
    week.seen["again"] = (before, after, stage.airflow.run_ids("update_lineups", ("queued", "running")))


def within_a_budget(week: Week) -> None:
    """A backfill that may make five calls, though everybody of a gameweek is to be asked about."""
    first = FORTNIGHT[0] - timedelta(days=14)
    conf = {"gameweeks": [1], "refresh": True, "most_calls": 5}
    week.end("budget", *week.stage.backfill(ATTRIBUTES, first, first + timedelta(days=6), **conf))


def a_paused_monday(week: Week) -> None:
    """The scheduler creates the newest slot of the lineups while the mappings are paused; the deadline passes."""
    stage = week.stage
    for dag_id in PIPELINES:
        stage.airflow._call("PATCH", f"dags/{dag_id}", {"is_paused": True})
    stage.schedule()
    stage.airflow.unpause("update_lineups")
    found: list[str] = []

    def waits() -> bool:
        rows = stage.airflow_rows(
            "select run_id from task_instance where dag_id = 'update_lineups' and run_id like 'scheduled__%%'"
            " and task_id = 'wait_for_update_fixture_mappings' and state = 'up_for_reschedule'"
        )
        found[:] = [row[0] for row in rows]
        return bool(rows)

    stage.wait_until("the scheduled run waits", waits)
    (run_id,) = found
    week.seen["deadlines before"] = stage.deadlines()
    stage.airflow_rows("update deadline set deadline_time = now() where not missed returning 1")
    stage.wait_until_told_of(run_id)
    week.seen["deadlines after"] = stage.deadlines()
    week.end("missed deadline", run_id)
    # The sensor gives up; five minutes are cut short to none.
    stage.airflow_rows(
        "update task_reschedule set start_date = start_date - interval '1 hour' where ti_id in"
        " (select id from task_instance where run_id = %s) returning 1",
        run_id,
    )
    assert stage.wait_for_end(LINEUPS, run_id) == "failed"
    stage.wait_until_told_of(run_id, 2)
    week.end("paused Monday", run_id)


def play(week: Week) -> None:
    """Everything, in order."""
    for step in (
        week_by_backfill,
        by_hand,
        wrong_values,
        two_failed_fetches,
        one_match_cleared,
        fortnight,
        within_a_budget,
        a_paused_monday,
    ):
        step(week)
