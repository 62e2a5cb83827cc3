"""The charts of a match, read from the store."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection

from fpl_pulse.chart_data.lineup_order import Starter, ordered
from fpl_pulse.chart_data.not_stored import NotStoredError
from fpl_pulse.chart_data.queries import query
from fpl_pulse.charts.elevens import Eleven, MatchLineups
from fpl_pulse.charts.formation import LineupPlayer
from fpl_pulse.charts.heatmap import BothTeamsHeatmap, PlayerMatchHeatmap
from fpl_pulse.charts.lettering import Venue
from fpl_pulse.charts.pitch import Point
from fpl_pulse.store.connection import select_records, select_rows


@dataclass(frozen=True)
class MatchHead:
    """A fixture that SofaSport has an event for."""

    home: str
    away: str
    gameweek: int | None
    event_id: int
    home_score: int | None
    away_score: int | None
    season: str


@dataclass(frozen=True)
class StarterRow:
    """A starter of the match."""

    side: Venue
    formation: str | None
    sofasport_player_id: int
    name: str
    position: str | None
    shirt_number: int | None
    rating: float | None
    is_captain: bool
    lineup_order: int | None
    mean_x: float | None
    mean_y: float | None
    as_of: datetime


@dataclass(frozen=True)
class PointsRow:
    """The heatmap of a player of the match."""

    side: Venue
    points: list[dict[str, Any]]
    as_of: datetime


def player_heatmap(conn: Connection[Any], season: str, fixture_id: int, sofasport_player_id: int) -> PlayerMatchHeatmap:
    """The heatmap of a player in a match; without points when SofaSport has none.

    Raises:
        NotStoredError: the player is not in a lineup of the match.
    """
    wanted = {"season": season, "fixture_id": fixture_id, "sofasport_player_id": sofasport_player_id}
    row = next(iter(select_records(conn, query("match_heatmap"), wanted)), None)
    if row is None:
        raise NotStoredError(
            f"SofaSport's player {sofasport_player_id} is in no lineup of fixture {fixture_id} of {season}."
        )
    return PlayerMatchHeatmap(**{**row, "points": points_of(row["points"])})


def lineups(conn: Connection[Any], season: str, fixture_id: int) -> MatchLineups:
    """Both elevens of a match; without players when SofaSport has no lineups.

    Raises:
        NotStoredError: no event of SofaSport is linked to the fixture.
    """
    head = _head(conn, season, fixture_id)
    starters = select_rows(conn, StarterRow, query("match_starters"), {"season": season, "event_id": head.event_id})
    return MatchLineups(
        _eleven(head.home, [one for one in starters if one.side == "home"]),
        _eleven(head.away, [one for one in starters if one.side == "away"]),
        head.gameweek,
        head.event_id,
        head.home_score,
        head.away_score,
        head.season,
        max((one.as_of for one in starters), default=None),
    )


def both_teams(conn: Connection[Any], season: str, fixture_id: int) -> BothTeamsHeatmap:
    """The heatmaps of both teams of a match; without points when SofaSport has none.

    Raises:
        NotStoredError: no event of SofaSport is linked to the fixture.
    """
    head = _head(conn, season, fixture_id)
    stored = select_rows(conn, PointsRow, query("match_points"), {"event_id": head.event_id})
    sides = {side: [one.points for one in stored if one.side == side] for side in ("home", "away")}
    return BothTeamsHeatmap(
        head.home,
        head.away,
        head.gameweek,
        head.event_id,
        points_of([point for points in sides["home"] for point in points]),
        points_of([point for points in sides["away"] for point in points]),
        len(sides["home"]),
        len(sides["away"]),
        head.home_score,
        head.away_score,
        head.season,
        max((one.as_of for one in stored), default=None),
    )


def points_of(stored: list[dict[str, Any]]) -> tuple[Point, ...]:
    """The points of a stored heatmap."""
    return tuple(Point(float(one["x"]), float(one["y"]), int(one.get("count") or 1)) for one in stored)


def _head(conn: Connection[Any], season: str, fixture_id: int) -> MatchHead:
    wanted = {"season": season, "fixture_id": fixture_id}
    head = next(iter(select_rows(conn, MatchHead, query("match_head"), wanted)), None)
    if head is None:
        raise NotStoredError(f"Season {season} has no fixture {fixture_id} that an event of SofaSport is linked to.")
    return head


def _eleven(club: str, rows: Sequence[StarterRow]) -> Eleven:
    formation = rows[0].formation if rows else None
    starters = [
        Starter(
            LineupPlayer(row.name, row.position, row.shirt_number, row.rating, row.is_captain, row.sofasport_player_id),
            row.lineup_order,
            row.mean_x,
            row.mean_y,
        )
        for row in rows
    ]
    players, fitting = ordered(starters, formation)
    ratings = [one.rating for one in rows if one.rating is not None]
    average = round(sum(ratings) / len(ratings), 2) if ratings else None
    return Eleven(club, fitting, tuple(players), average)
