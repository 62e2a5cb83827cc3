"""The steps of an operator's week on a real Airflow, and what each step leaves behind."""

import json
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from dev.local.week_run import plan_week
from fpl_pulse.week import PIPELINES
from tests.long.operator_stack import OperatorStack

MONDAY = date(2025, 8, 25)
PLANNED = plan_week(MONDAY)
MAPPINGS, LINEUPS, HEATMAPS, STATISTICS, ATTRIBUTES = PLANNED
PLAYERS_OF_MATCH = "(select player_id from pulse.sofasport_lineup_players where event_id = %s and minutes > 0)"
FORTNIGHT = [date(2025, 9, 1), date(2025, 9, 8)]
WITHOUT_RUNS = date(2025, 9, 15)
"""The Monday of a week for which no run exists."""


@dataclass
class Week:
    """What each step did and left behind."""

    stack: OperatorStack
    runs: dict[str, list[str]] = field(default_factory=dict)
    """Step -> its run ids."""
    alerts: dict[str, list[tuple[str, str, str, bool]]] = field(default_factory=dict)
    """Step -> the alerts that it added, as they were at its end."""
    messages: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    """Step -> the messages sent during it."""
    seen: dict[str, Any] = field(default_factory=dict)
    """Other observations, by name."""

    def end_step(self, step: str, *run_ids: str) -> None:
        """Record the runs, the new alerts and the new messages of a step."""
        known = sum(map(len, self.alerts.values()))
        self.runs[step] = list(run_ids)
        self.alerts[step] = self.stack.alerts()[known:]
        self.messages[step] = self.stack.sink.received[sum(map(len, self.messages.values())) :]


def week_by_backfill(week: Week) -> None:
    """Backfill a past week, one slot after the other, with the sandbox clock at each slot."""
    stack = week.stack
    stack.wait_until("Airflow has read the DAGs", lambda: set(PIPELINES) <= stack.airflow.dag_ids())
    run_ids = []
    for planned in PLANNED:
        stack.sandbox.source.set_clock(planned.as_of)
        stack.airflow.unpause(planned.slot.dag_id)
        day = planned.as_of.date()
        run_ids += stack.backfill(planned, day, day + timedelta(days=1))
    week.end_step("week", *run_ids)


def one_manual_match(week: Week) -> None:
    """Trigger a run that fetches one match again, with the command line."""
    stack = week.stack
    (event,) = stack.rows("select min(event_id) from pulse.sofasport_lineups")[0]
    conf = {"matches": [event], "refresh": True, "as_of": ATTRIBUTES.as_of.isoformat()}
    stack.command("dags", "trigger", "collect_heatmaps", "--run-id", "one_match", "--conf", json.dumps(conf))
    stack.wait_for_end(HEATMAPS, "one_match")
    week.seen["match"] = event
    week.end_step("one match", "one_match")


def wrong_values(week: Week) -> None:
    """Trigger runs with invalid parameters."""
    stack = week.stack
    week.seen["rejected"] = {}
    wrong: dict[str, dict[str, object]] = {
        "a gameweek that does not exist": {"gameweeks": [61]},
        "a text instead of a list": {"matches": "all"},
        "an unknown parameter": {"gameweek": [2]},
        "a budget of 0 calls": {"most_calls": 0},
    }
    for name, conf in wrong.items():
        calls = stack.rows("select count(*) from pulse.api_calls")
        run_id = name.replace(" ", "_")
        done = stack.run(
            "dags", "trigger", "collect_heatmaps", "--run-id", run_id, "--conf",
            json.dumps({**conf, "as_of": ATTRIBUTES.as_of.isoformat()}),
        )  # fmt: skip
        output = done.stdout + done.stderr
        if done.returncode == 0:
            assert stack.wait_for_end(HEATMAPS, run_id) == "failed"
            stack.wait_until_reported(run_id)
            output = next(message for _, one, message, _ in stack.alerts() if one == run_id)
        week.seen["rejected"][name] = (output, calls == stack.rows("select count(*) from pulse.api_calls"))
    week.end_step("wrong values")


def two_failed_matches(week: Week) -> None:
    """The lineups of two matches fail on every try. Then the source recovers, and the operator clears the run."""
    stack = week.stack
    events = [row[0] for row in stack.rows("select distinct event_id from pulse.sofasport_lineups order by 1 limit 2")]
    stack.inject(
        [{"match": {"endpoint": "events/lineups", "query": {"event_id": str(event)}}, "fault": "http_503"}
         for event in events]
    )  # fmt: skip
    run_id = stack.trigger(replace(LINEUPS, as_of=ATTRIBUTES.as_of), matches=events, refresh=True)
    assert stack.wait_for_end(LINEUPS, run_id) == "failed"
    stack.wait_until_reported(run_id)
    week.end_step("failed fetch", run_id)
    stack.inject([])
    stack.command("tasks", "clear", "--only-failed", "--yes", "update_lineups")
    week.seen["after the clear"] = stack.wait_for_end(LINEUPS, run_id)
    week.end_step("failed fetch cleared", run_id)


def one_match_cleared(week: Week) -> None:
    """Delete the heatmaps and season statistics of one match, then clear its lineup task with downstream."""
    stack = week.stack
    event = week.seen["match"]
    lineups, heatmaps, statistics = week.runs["week"][1:4]
    stack.change("delete from pulse.sofasport_heatmaps where event_id = %s", event)
    stack.change(
        "update pulse.raw_resources set outcome = 'rejected'"
        " where endpoint = 'events/player-heatmap' and event_id = %s",
        event,
    )
    stack.change(f"delete from pulse.sofasport_season_statistics where player_id in {PLAYERS_OF_MATCH}", event)
    stack.change(
        "update pulse.raw_resources set outcome = 'rejected' where endpoint = 'players/statistics/result'"
        f" and player_id in {PLAYERS_OF_MATCH}",
        event,
    )
    week.seen["calls before"] = stack.calls(statistics)
    index = next(
        task.map_index
        for task in stack.tasks(LINEUPS, lineups, "fetch_lineup")
        if stack.rows(
            "select 1 from pulse.api_calls where run_id = %s and task_id = 'fetch_lineup' and map_index = %s"
            " and resource = %s", lineups, task.map_index, f"event_id={event}",
        )
    )  # fmt: skip
    stack.clear(LINEUPS, lineups, ("fetch_lineup", index), downstream=True)
    week.seen["cleared"] = {
        planned.slot.dag_id: stack.wait_for_end(planned, run_id)
        for planned, run_id in ((LINEUPS, lineups), (HEATMAPS, heatmaps), (STATISTICS, statistics))
    }
    week.end_step("clear", lineups, heatmaps, statistics)


def fortnight(week: Week) -> None:
    """Backfill two past weeks, pipeline after pipeline. Then try to backfill the same weeks again."""
    stack = week.stack
    planned = plan_week(FORTNIGHT[-1])
    stack.sandbox.source.set_clock(planned[-1].as_of)
    run_ids = []
    for one in planned:
        run_ids += stack.backfill(one, FORTNIGHT[0], FORTNIGHT[-1] + timedelta(days=6))
    week.end_step("fortnight", *run_ids)
    before = sorted((run["dag_run_id"], run["start_date"]) for run in stack.runs(*run_ids))
    stack.wait_until_no_backfill_runs("update_lineups")
    stack.command(
        "backfill", "create", "--dag-id", "update_lineups",
        "--from-date", FORTNIGHT[0].isoformat(), "--to-date", (FORTNIGHT[-1] + timedelta(days=6)).isoformat(),
    )  # fmt: skip
    after = sorted((run["dag_run_id"], run["start_date"]) for run in stack.runs(*run_ids))
    week.seen["again"] = (before, after, stack.airflow.run_ids("update_lineups", ("queued", "running")))


def within_a_budget(week: Week) -> None:
    """Backfill with a budget of five calls, where a whole gameweek is due."""
    first = FORTNIGHT[0] - timedelta(days=14)
    conf = {"gameweeks": [1], "refresh": True, "most_calls": 5}
    week.end_step("budget", *week.stack.backfill(ATTRIBUTES, first, first + timedelta(days=6), **conf))


def paused_monday(week: Week) -> None:
    """The scheduler starts the lineups while the mappings are paused. The lineups miss their deadline and fail."""
    stack = week.stack
    for dag_id in PIPELINES:
        stack.airflow._call("PATCH", f"dags/{dag_id}", {"is_paused": True})
    # A scheduled run works for the time that the sandbox shows.
    stack.sandbox.source.set_clock(plan_week(WITHOUT_RUNS)[PLANNED.index(LINEUPS)].as_of)
    stack.enable_schedules()
    stack.airflow.unpause("update_lineups")
    found: list[str] = []

    def sensor_waits() -> bool:
        rows = stack.airflow_rows(
            "select run_id from task_instance where dag_id = 'update_lineups' and run_id like 'scheduled__%%'"
            " and task_id = 'wait_for_update_fixture_mappings' and state = 'up_for_reschedule'"
        )
        found[:] = [row[0] for row in rows]
        return bool(rows)

    stack.wait_until("the scheduled run waits", sensor_waits)
    (run_id,) = found
    week.seen["deadlines before"] = stack.deadlines()
    stack.airflow_rows("update deadline set deadline_time = now() where not missed returning 1")
    stack.wait_until_reported(run_id)
    week.seen["deadlines after"] = stack.deadlines()
    week.end_step("missed deadline", run_id)
    # Shorten the time after which the sensor gives up: it counts from the start of the run.
    stack.airflow_rows(
        "update dag_run set start_date = start_date - interval '1 hour'"
        " where dag_id = 'update_lineups' and run_id = %s returning 1",
        run_id,
    )
    assert stack.wait_for_end(LINEUPS, run_id) == "failed"
    stack.wait_until_reported(run_id, 2)
    week.end_step("paused Monday", run_id)


def run_all_steps(week: Week) -> None:
    """Run all steps in order."""
    for step in (
        week_by_backfill,
        one_manual_match,
        wrong_values,
        two_failed_matches,
        one_match_cleared,
        fortnight,
        within_a_budget,
        paused_monday,
    ):
        step(week)
