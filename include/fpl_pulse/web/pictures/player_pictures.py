"""The addresses of the pictures of players."""

from fastapi import APIRouter
from starlette.responses import Response

from fpl_pulse.chart_data import player_charts
from fpl_pulse.chart_data.player_charts import PlayerHead
from fpl_pulse.web.parameters import PlayerCode, PlayerCodes, codes_of
from fpl_pulse.web.pictures.drawing import ForPicture, Wish

router = APIRouter(include_in_schema=False, prefix="/pictures")


@router.get("/players/{code}/radar.{form}")
def send_radar(wish: ForPicture, code: PlayerCode) -> Response:
    """A player's radar."""
    known = player_charts.attributes(wish.reader.conn, wish.season, [code])
    return wish.send(player_charts.radar(_head(wish, code), known.get(code, [])))


@router.get("/players/{code}/heatmap.{form}")
def send_heatmap(wish: ForPicture, code: PlayerCode) -> Response:
    """The heatmap of a player's season."""
    return wish.send(player_charts.season_heatmap(wish.reader.conn, _head(wish, code)))


@router.get("/players/{code}/ratings.{form}")
def send_ratings(wish: ForPicture, code: PlayerCode) -> Response:
    """A player's ratings by gameweek."""
    matches = player_charts.played_matches(wish.reader.conn, wish.season, code)
    return wish.send(player_charts.ratings(_head(wish, code), matches))


@router.get("/players/{code}/prices.{form}")
def send_prices(wish: ForPicture, code: PlayerCode) -> Response:
    """A player's price and ownership by gameweek."""
    return wish.send(player_charts.prices(wish.reader.conn, _head(wish, code)))


@router.get("/players/{code}/points.{form}")
def send_points(wish: ForPicture, code: PlayerCode) -> Response:
    """A player's points beside expected goals and assists."""
    matches = player_charts.played_matches(wish.reader.conn, wish.season, code)
    return wish.send(player_charts.points(_head(wish, code), matches))


@router.get("/compare.{form}")
def send_comparison(wish: ForPicture, players: PlayerCodes) -> Response:
    """The radar of up to four players."""
    heads = player_charts.find_heads(wish.reader.conn, wish.season, codes_of(players))
    known = player_charts.attributes(wish.reader.conn, wish.season, [head.code for head in heads])
    return wish.send(player_charts.comparison(heads, known))


def _head(wish: Wish, code: int) -> PlayerHead:
    return player_charts.find_heads(wish.reader.conn, wish.season, [code])[0]
