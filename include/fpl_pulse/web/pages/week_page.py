"""The page of the week: whether its runs are all right, what is still open, and the matches to look at."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import HTMLResponse

from fpl_pulse.alerts.sentences import alert_heading
from fpl_pulse.alerts.week_sentences import (
    coverage_of,
    deadline_of,
    forecast_in_words,
    headline,
    note_of,
    quota_in_words,
    review_in_words,
    rows_of,
)
from fpl_pulse.store import week_status
from fpl_pulse.store.connection import scalar
from fpl_pulse.store.week_status import SlotStatus, WeekStatus
from fpl_pulse.web.pages.coverage import coverage_of_season, grid_of
from fpl_pulse.web.pages.queries import query
from fpl_pulse.web.pages.reading import OnPage, Visit
from fpl_pulse.web.pages.run_states import ShownState, shown_state
from fpl_pulse.web.parameters import Now
from fpl_pulse.web.rows import MatchRow
from fpl_pulse.week import LONDON, PIPELINES

MOST_WEEKS = 60
MOST_MATCHES = 40

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class PastWeek:
    """A week that has runs."""

    monday: date
    runs: int
    succeeded: int


@dataclass(frozen=True)
class PlanRow:
    """The calls of a run that were planned for a purpose, by outcome."""

    dag_id: str
    purpose: str
    planned: int
    fetched: int
    no_data: int
    skipped: int
    superseded: int
    failed: int
    open: int


@dataclass(frozen=True)
class SlotLine:
    """A line of the table of runs."""

    slot: SlotStatus
    state: ShownState
    rows: int | None
    coverage: str
    deadline: str
    note: str | None
    duration: timedelta | None


@router.get("/week/")
def show_week(now: Now, visit: OnPage, day: Annotated[date | None, Query(alias="week")] = None) -> HTMLResponse:
    """The week of a day, with the season of that time; by default this week, with the season of the request."""
    until = min(_end_of(day), now) if day and day < now.date() else now
    visit.reader.set_time(until)
    status = week_status.read(visit.reader.conn)
    # None before the first deadline of all: no gameweek had begun.
    season = visit.season if until == now else scalar(visit.reader.conn, query("season_now"))
    gameweek = scalar(visit.reader.conn, query("gameweek_now"), {"season": season})
    visit = visit.of_season(season or visit.season)
    return visit.page(
        "week.html",
        "Week",
        headline=headline(status),
        verdict=_verdict(status),
        lines=[_line(slot) for slot in status.slots],
        is_this_week=until == now,
        monday=min((slot.slot_at for slot in status.slots), default=until).astimezone(LONDON).date(),
        plans=_plans(visit, status),
        alerts=[(one, alert_heading(one.kind, one.subject)) for one in status.alerts],
        review=review_in_words(status.review),
        quota=quota_in_words(status.outlook),
        forecast=forecast_in_words(status.outlook) if status.outlook else None,
        grid=grid_of(coverage_of_season(visit) if season else ()),
        weeks=visit.rows(PastWeek, "weeks", {"dag_ids": list(PIPELINES), "limit": MOST_WEEKS}),
        gameweek=gameweek,
        matches=_matches(visit, gameweek),
    )


def _end_of(day: date) -> datetime:
    """The last moment of the week of a day: just before the first slot of the next Monday."""
    monday = day - timedelta(days=day.weekday())
    return datetime.combine(monday + timedelta(days=7), datetime.min.time(), LONDON) - timedelta(seconds=1)


def _verdict(status: WeekStatus) -> str:
    """How the headline looks."""
    if any(slot.is_all_right is False for slot in status.slots):
        return "bad"
    is_done = all(slot.is_all_right for slot in status.slots)
    return "good" if is_done and not any(slot.calls_skipped for slot in status.slots) else "warn"


def _line(slot: SlotStatus) -> SlotLine:
    state = shown_state(slot.state, slot.calls_skipped)
    took = slot.finished_at - slot.started_at if slot.finished_at and slot.started_at else None
    return SlotLine(slot, state, rows_of(slot), coverage_of(slot), deadline_of(slot), note_of(slot), took)


def _plans(visit: Visit, status: WeekStatus) -> list[tuple[str, list[PlanRow]]]:
    """The plans of the week's runs, each with the pipeline's title."""
    runs = [slot for slot in status.slots if slot.run_id]
    wanted = {"dag_ids": [slot.dag_id for slot in runs], "run_ids": [slot.run_id for slot in runs]}
    planned = visit.rows(PlanRow, "plans", wanted)
    return [(slot.title, own) for slot in runs if (own := [row for row in planned if row.dag_id == slot.dag_id])]


def _matches(visit: Visit, gameweek: int | None) -> list[MatchRow]:
    wanted = {"season": visit.season, "gameweek": gameweek, "team": None, "limit": MOST_MATCHES, "offset": 0}
    return [] if gameweek is None else visit.reader.rows(MatchRow, "matches", wanted)
