"""How complete the data is, and how this week is doing."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends

from fpl_pulse.api import source_clock
from fpl_pulse.web.parameters import Data, GameweekFilter, Season
from fpl_pulse.web.problems import described
from fpl_pulse.web.rows import CoverageRow, SlotRow

router = APIRouter(tags=["week"])


def _source_time() -> datetime | None:
    return source_clock.not_after_source(datetime.now(UTC)) if source_clock.is_set() else None


SourceTime = Annotated[datetime | None, Depends(_source_time)]
"""The time of the source's clock, if it has one. A route names it before `Data`: FastAPI then asks the clock before it
takes a connection, so that no transaction waits for another machine."""


@router.get("/api/coverage/", responses=described(404))
def list_coverage(reader: Data, season: Season, gameweek: GameweekFilter = None) -> list[CoverageRow]:
    """How much of each kind of data each gameweek has, as the newest check counted it."""
    return reader.rows(CoverageRow, "coverage", {"season": season, "gameweek": gameweek})


@router.get("/api/week-status/", responses=described())
def show_week_status(now: SourceTime, reader: Data) -> list[SlotRow]:
    """The pipelines of this week: is it all right?"""
    if now is not None:
        reader.set_time(now)
    return reader.rows(SlotRow, "week_status")
