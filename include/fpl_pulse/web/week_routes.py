"""How complete the data is, and how this week is doing."""

from fastapi import APIRouter

from fpl_pulse.web.parameters import Data, GameweekFilter, Now, Season
from fpl_pulse.web.problems import described
from fpl_pulse.web.rows import CoverageRow, SlotRow

router = APIRouter(tags=["week"])


@router.get("/api/coverage/", responses=described(404))
def list_coverage(reader: Data, season: Season, gameweek: GameweekFilter = None) -> list[CoverageRow]:
    """How much of each kind of data each gameweek has, as the newest check counted it."""
    return reader.rows(CoverageRow, "coverage", {"season": season, "gameweek": gameweek})


@router.get("/api/week-status/", responses=described())
def show_week_status(now: Now, reader: Data) -> list[SlotRow]:
    """The pipelines of this week: is it all right?"""
    reader.set_time(now)
    return reader.rows(SlotRow, "week_status")
