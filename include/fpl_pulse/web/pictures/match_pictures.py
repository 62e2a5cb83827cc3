"""The addresses of the pictures of a match."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from fpl_pulse.chart_data import match_charts
from fpl_pulse.web.parameters import FixtureId
from fpl_pulse.web.pictures.drawing import ForPicture

router = APIRouter(include_in_schema=False, prefix="/pictures/matches/{fixture_id}")

SofasportPlayerId = Annotated[int, Path(ge=1, lt=2**31)]


@router.get("/players/{sofasport_player_id}.{form}")
def send_player_heatmap(wish: ForPicture, fixture_id: FixtureId, sofasport_player_id: SofasportPlayerId) -> Response:
    """The heatmap of a player in a match."""
    return wish.send(match_charts.player_heatmap(wish.reader.conn, wish.season, fixture_id, sofasport_player_id))


@router.get("/lineups.{form}")
def send_lineups(wish: ForPicture, fixture_id: FixtureId) -> Response:
    """The two elevens on a pitch."""
    return wish.send(match_charts.lineups(wish.reader.conn, wish.season, fixture_id))


@router.get("/teams.{form}")
def send_both_teams(wish: ForPicture, fixture_id: FixtureId) -> Response:
    """The heatmaps of both teams."""
    return wish.send(match_charts.both_teams(wish.reader.conn, wish.season, fixture_id))
