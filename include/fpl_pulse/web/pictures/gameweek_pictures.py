"""The address of the picture of a gameweek."""

from fastapi import APIRouter
from starlette.responses import Response

from fpl_pulse.chart_data.gameweek_charts import gameweek_players, team_of_the_week
from fpl_pulse.web.parameters import Gameweek, require_gameweek
from fpl_pulse.web.pictures.drawing import ForPicture

router = APIRouter(include_in_schema=False, prefix="/pictures/gameweeks/{gameweek}")


@router.get("/team.{form}")
def send_team_of_the_week(wish: ForPicture, gameweek: Gameweek) -> Response:
    """The team of the week."""
    require_gameweek(wish.reader, wish.season, gameweek)
    players = gameweek_players(wish.reader.conn, wish.season, gameweek)
    return wish.send(team_of_the_week(wish.season, gameweek, players))
