"""The charts of a match, read from the store."""

from collections.abc import Mapping
from typing import Any

from psycopg.rows import dict_row

from fpl_pulse.charts.heatmap import PlayerMatchHeatmap
from fpl_pulse.charts.pitch import Point
from fpl_pulse.web.database import Reader
from fpl_pulse.web.pictures.queries import query
from fpl_pulse.web.problems import NotFoundError


def player_heatmap(reader: Reader, season: str, fixture_id: int, sofasport_player_id: int) -> PlayerMatchHeatmap:
    """The heatmap of a player in a match; without points when SofaSport has none.

    Raises:
        NotFoundError: the player is not in a lineup of the match.
    """
    wanted = {"season": season, "fixture_id": fixture_id, "sofasport_player_id": sofasport_player_id}
    row = first(reader, "match_heatmap", wanted)
    if row is None:
        raise NotFoundError(
            f"SofaSport's player {sofasport_player_id} is in no lineup of fixture {fixture_id} of {season}."
        )
    return PlayerMatchHeatmap(**{**row, "points": points_of(row["points"])})


def first(reader: Reader, name: str, wanted: Mapping[str, object]) -> dict[str, Any] | None:
    """The first row of the statement in `queries/<name>.sql`, or None when there is none."""
    with reader.conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query(name).encode(), wanted).fetchone()


def points_of(stored: list[dict[str, Any]]) -> tuple[Point, ...]:
    """The points of a stored heatmap."""
    return tuple(Point(float(one["x"]), float(one["y"]), int(one.get("count") or 1)) for one in stored)
