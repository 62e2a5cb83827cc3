"""The tab on Airflow's own pages of a DAG run and a task: what the run planned, wrote, found and fetched."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import HTMLResponse

from fpl_pulse.runbook import link_to
from fpl_pulse.web.pages.data_page import RejectedRow
from fpl_pulse.web.pages.reading import Visit
from fpl_pulse.web.pages.run_states import ShownState, shown_state
from fpl_pulse.web.pages.week_page import PlanRow
from fpl_pulse.web.parameters import Data
from fpl_pulse.web.people import CurrentUser
from fpl_pulse.week import RECORDED, WEEK

MOST_ROWS = 50
MOST_MATCHES = 400
MAX_CHARACTERS = 250
"""Airflow's limit for the ids of DAGs, runs and tasks."""

router = APIRouter(include_in_schema=False)

Id = Annotated[str, Path(min_length=1, max_length=MAX_CHARACTERS)]


@dataclass(frozen=True)
class RunRow:
    """A run as `pulse.pipeline_runs` has it."""

    dag_id: str
    run_id: str
    as_of: datetime
    state: str
    started_at: datetime
    finished_at: datetime | None
    is_full: bool
    run_type: str
    rows_inserted: int
    rows_updated: int
    calls_forecast: int | None
    calls_skipped: int
    message: str | None

    @property
    def duration(self) -> timedelta | None:
        """How long it took; None while it runs."""
        return self.finished_at - self.started_at if self.finished_at else None

    @property
    def shown(self) -> ShownState:
        """How its state looks."""
        return shown_state(self.state, self.calls_skipped)


@dataclass(frozen=True)
class Counted:
    """What the check of a run counted of a kind of data."""

    what: str
    have: int
    want: int
    not_yet: int
    is_enough: bool
    missing_count: int
    failed_gameweeks: list[int]
    missing: list[str]


@dataclass(frozen=True)
class FailedAttempt:
    """An attempt of a task that failed."""

    task_id: str
    map_index: int
    try_number: int
    label: str | None
    started_at: datetime
    finished_at: datetime | None
    message: str | None
    error: str | None
    section: str | None
    can_retry: bool | None
    is_repaired: bool
    total: int

    @property
    def runbook(self) -> str | None:
        """The address of the runbook's section, or its file's path."""
        return link_to(self.section) if self.section else None


@dataclass(frozen=True)
class CallRow:
    """A call that is open, failed or skipped."""

    purpose: str
    outcome: str
    endpoint: str
    event_id: int | None
    player_id: int | None
    team_id: int | None
    reason: str | None
    name: str | None
    total: int


@dataclass(frozen=True)
class CorrectedTable:
    """How many figures of a table had another value before."""

    table_name: str
    figures: int
    rows: int


@dataclass(frozen=True)
class CorrectedFigure:
    """A corrected figure of a match."""

    player: str | None
    team: str | None
    match: str
    season: str
    fixture_id: int
    source: str
    figure: str
    old_value: str | None
    new_value: str | None
    total: int


@dataclass(frozen=True)
class FetchedMatch:
    """A match of which the run fetched something."""

    season: str
    fixture_id: int
    gameweek: int | None
    home_team: str
    away_team: str
    home_score: int | None
    away_score: int | None
    fetched: int


def _visit(request: Request, reader: Data, user: CurrentUser) -> Visit:
    """A visit that needs no season: Airflow shows the tab before the first run has stored one."""
    current = next((one["season"] for one in reader.records("seasons") if one["is_current"]), "")
    return Visit(request, reader, user, current, current)


@router.get("/runs/{dag_id}/{run_id}/")
def show_run(
    visit: Annotated[Visit, Depends(_visit)],
    dag_id: Id,
    run_id: Id,
    task: Annotated[str, Query(max_length=MAX_CHARACTERS)] = "",
) -> HTMLResponse:
    """A run. Airflow shows the tab on every DAG, so nothing is required to exist.

    `task` marks the attempts of a task: on the page of a task the tab begins with them.
    """
    # The database refuses this character, which no id has.
    dag_id, run_id = dag_id.replace("\0", ""), run_id.replace("\0", "")
    key = {"dag_id": dag_id, "run_id": run_id}
    run = visit.row(RunRow, "run", key)
    title = next((slot.title for slot in WEEK if slot.dag_id == dag_id), dag_id)
    attempts = visit.rows(FailedAttempt, "run_attempts", {**key, "limit": MOST_ROWS})
    frame = {
        "title": title,
        "run_id": run_id,
        "dag_id": dag_id,
        "task": task,
        "attempts": sorted(attempts, key=lambda one: one.task_id != task),
    }
    if run is None:
        return visit.page("no_run.html", "Week", **frame, is_ours=dag_id in RECORDED)
    of_time = {"as_of": run.as_of, "limit": MOST_ROWS}
    return visit.page(
        "run.html",
        "Week",
        **frame,
        run=run,
        plan=visit.rows(PlanRow, "plans", {"dag_ids": [dag_id], "run_ids": [run_id]}),
        calls=visit.rows(CallRow, "run_calls", {**key, "limit": MOST_ROWS}),
        counted=visit.rows(Counted, "run_coverage", key),
        rejected=visit.rows(RejectedRow, "run_rejected", of_time),
        corrected=visit.rows(CorrectedTable, "run_corrections", of_time),
        figures=visit.rows(CorrectedFigure, "run_corrected_figures", of_time),
        matches=visit.rows(FetchedMatch, "run_matches", {**key, "limit": MOST_MATCHES}),
    )
