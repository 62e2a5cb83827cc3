"""Runs the steps of the pipelines in this process, without Airflow: for tests and measurements.

The steps, the store and the HTTP calls are the real ones. Only the scheduler is missing.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import requests
from psycopg.conninfo import make_conninfo

from dev.sandbox.process import KEY
from fpl_pulse.api.calls import Api
from fpl_pulse.api.http import ApiClient
from fpl_pulse.etl import (
    attributes,
    events,
    heatmaps,
    lineups,
    mapping_check,
    mapping_report,
    mappings,
    reconciliation,
    reference,
    season_statistics,
    squads,
)
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.selection import Selection
from fpl_pulse.store import runs
from fpl_pulse.store.ledger import recorder
from fpl_pulse.store.pace import Pace
from fpl_pulse.store.runs import Run
from fpl_pulse.week import WEEK, slot_on_or_before

CONNECTIONS: dict[Api, str] = {"sofasport": "sofasport_api", "fpl": "fpl_api"}
UNLIMITED = 900.0
"""A rate, in calls per second, that never makes a step wait."""


def slots_of(monday: date) -> dict[str, datetime]:
    """dag_id -> the pipeline's slot in the week that begins on a Monday."""
    sunday = datetime(monday.year, monday.month, monday.day, tzinfo=UTC) + timedelta(days=6)
    return {slot.dag_id: slot_on_or_before(slot, sunday) for slot in WEEK}


Step = Callable[[StepContext], Any]


FetchTasks = list[dict[str, list[int]]]
"""The op_kwargs of the fetch tasks that a plan returns."""


def refresh_and_plan_matches(context: StepContext) -> FetchTasks:
    """The two steps of `update_lineups` before its fetches."""
    lineups.refresh_results(context)
    return lineups.plan_matches(context)


FETCHES: dict[str, Callable[..., int]] = {
    "update_lineups": lineups.fetch_lineup,
    "collect_heatmaps": heatmaps.fetch_heatmaps,
    "update_season_stats": season_statistics.fetch_season_statistics,
    "update_radar_attributes": attributes.fetch_attributes,
}


PLANS: dict[str, Step] = {
    "update_lineups": refresh_and_plan_matches,
    "collect_heatmaps": heatmaps.plan_heatmaps,
    "update_season_stats": season_statistics.plan_season_statistics,
    "update_radar_attributes": attributes.plan_attributes,
}
MATCHING: list[Step] = [mappings.resolve_identities, mappings.load_mappings]
ENDINGS: dict[str, list[Step]] = {
    "update_fixture_mappings": [
        reference.fetch_fpl_reference,
        events.fetch_sofasport_events,
        squads.fetch_sofasport_squads,
        *MATCHING,
        mapping_report.report_mappings,
        mapping_check.check_mappings,
    ],
    "update_lineups": [lineups.load_lineups, *MATCHING, reconciliation.reconcile_figures, lineups.check_lineups],
    "collect_heatmaps": [heatmaps.load_heatmaps, heatmaps.check_heatmaps],
    "update_season_stats": [
        season_statistics.load_season_statistics,
        reconciliation.reconcile_cards,
        season_statistics.check_season_statistics,
    ],
    "update_radar_attributes": [attributes.load_attributes, attributes.check_attributes],
}


def units_of(tasks: FetchTasks) -> list[int]:
    """The matches or clubs of planned fetch tasks."""
    return [unit for task in tasks for units in task.values() for unit in units]


def one_by_one(tasks: FetchTasks) -> FetchTasks:
    """The same calls, with a task for each match or club."""
    return [{name: [unit]} for task in tasks for name, units in task.items() for unit in units]


def with_one_unit(tasks: FetchTasks) -> dict[str, list[int]]:
    """The last planned task of one match or club only."""
    return [task for task in tasks if len(units_of([task])) == 1][-1]


@dataclass
class Pipelines:
    """Runs the pipelines' steps in the order of their DAGs."""

    conn: psycopg.Connection
    source: str
    """URL of the sandbox."""
    key: str = KEY
    """The key that the source accepts."""
    session: requests.Session = field(default_factory=requests.Session)
    clock: str = "/__sandbox__/clock"
    """Path that sets the sandbox's clock."""

    def context(
        self, dag_id: str, as_of: datetime, selection: Selection | None = None, *, run_id: str | None = None
    ) -> StepContext:
        """Begin or clear a run, set the source's clock to its as-of time, and return the steps' tools."""
        self.set_clock(as_of)
        run = Run(dag_id, run_id or f"test__{uuid.uuid4().hex[:8]}", as_of)
        runs.begin(self.conn, run)
        return StepContext(self.conn, self._clients(run), run, selection or Selection())

    def open_beside(self, context: StepContext) -> StepContext:
        """A context for calls at the same time. A test may set it as `context.open_beside`."""
        address = make_conninfo(self.conn.info.dsn, password=self.conn.info.password)
        beside = replace(self, conn=psycopg.connect(address, autocommit=True), session=requests.Session())
        return replace(context, conn=beside.conn, apis=beside._clients(context.run), open_beside=None)

    def set_clock(self, as_of: datetime) -> None:
        """Set the source's clock."""
        as_of_text = as_of.isoformat().replace("+00:00", "Z")
        requests.post(self.source + self.clock, json={"as_of": as_of_text}, timeout=30).raise_for_status()

    def _clients(self, run: Run) -> dict[Api, ApiClient]:
        self.session.headers.update({"x-rapidapi-key": self.key, "x-rapidapi-host": "in-process"})
        return {
            api: ApiClient(
                connection_id,
                self.session,
                self.source,
                wait_for_slot=Pace(self.conn, api, UNLIMITED).wait_for_slot,
                record=recorder(self.conn, run),
                sleep=lambda _: None,
            )
            for api, connection_id in CONNECTIONS.items()
        }

    def run(self, dag_id: str, as_of: datetime, selection: Selection | None = None) -> StepContext:
        """Run a complete pipeline."""
        context = self.context(dag_id, as_of, selection)
        if dag_id in PLANS:
            for op_kwargs in PLANS[dag_id](context):
                FETCHES[dag_id](context, **op_kwargs)
        for step in ENDINGS[dag_id]:
            step(context)
        return context

    def week(self, monday: date) -> dict[str, StepContext]:
        """Run all five pipelines of a week, each at its slot; dag_id -> context."""
        return {dag_id: self.run(dag_id, as_of) for dag_id, as_of in slots_of(monday).items()}

    def calls(self, context: StepContext, api: str = "sofasport") -> dict[str, int]:
        """Endpoint -> number of calls of a run."""
        rows = self.conn.execute(
            "select endpoint, count(*) from pulse.api_calls where run_id = %s and api = %s group by 1",
            (context.run.run_id, api),
        )
        return dict(rows.fetchall())

    def changed(self, context: StepContext) -> tuple[int, int]:
        """The number of rows that a run inserted, and that it updated."""
        ((inserted, updated),) = self.conn.execute(
            "select rows_inserted, rows_updated from pulse.pipeline_runs where run_id = %s", (context.run.run_id,)
        )
        return inserted, updated

    def forget(self, condition: str, *params: object) -> None:
        """Delete the archive of the resources that meet a condition, as if they had never been requested."""
        statement = (
            f"with gone as (delete from pulse.raw_resources where {condition} returning resource_id),"  # noqa: S608
            " rejected as (delete from pulse.rejected_records using gone"
            "  where rejected_records.resource_id = gone.resource_id)"
            " delete from pulse.raw_responses using gone where raw_responses.resource_id = gone.resource_id"
        )
        self.conn.execute(statement.encode(), params)

    def one(self, statement: str, *params: object) -> Any:  # noqa: ANN401 - any column type
        """The first column of the first row; None without rows."""
        row = self.conn.execute(statement.encode(), params).fetchone()
        return None if row is None else row[0]
