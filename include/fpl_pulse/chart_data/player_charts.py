"""The charts of players, read from the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection

from fpl_pulse.chart_data.match_charts import points_of
from fpl_pulse.chart_data.not_stored import NotStoredError
from fpl_pulse.chart_data.queries import query
from fpl_pulse.charts.heatmap import PlayerSeasonHeatmap
from fpl_pulse.charts.lettering import Venue
from fpl_pulse.charts.points import PointsAndExpected, PointsMatch
from fpl_pulse.charts.prices import PriceAndOwnership, PriceState
from fpl_pulse.charts.radar import GOALKEEPER_AXES, OUTFIELD_AXES, ComparedPlayer, ComparisonRadar, PlayerRadar
from fpl_pulse.charts.ratings import RatedMatch, Ratings
from fpl_pulse.store.connection import select_records, select_rows

AXES = tuple(dict.fromkeys((*OUTFIELD_AXES, *GOALKEEPER_AXES)))
GOALKEEPER = "Goalkeeper"


@dataclass(frozen=True)
class PlayerHead:
    """A player as FPL lists the person in a season."""

    player: str
    club: str
    position: str
    code: int
    element_id: int
    season: str


@dataclass(frozen=True)
class PlayedMatch:
    """A match of a player's season. Figures are None where the player did not play, or a source has none."""

    gameweek: int
    opponent: str
    venue: Venue
    fixture_id: int
    rating: float | None
    points: int | None
    minutes: int | None
    expected_goals: float | None
    expected_assists: float | None
    goals: int | None
    assists: int | None
    earlier_ratings: list[float]
    """The ratings that SofaSport has corrected since, oldest first."""
    as_of: datetime | None


@dataclass(frozen=True)
class Attributes:
    """A player's attributes of a season, 0-100 by axis, and the average of the position."""

    season: str
    position: str | None
    values: Mapping[str, float | None]
    average: Mapping[str, float | None] | None
    average_season: str | None
    as_of: datetime


def find_heads(conn: Connection[Any], season: str, codes: Sequence[int]) -> list[PlayerHead]:
    """The players with these codes, in the order of the codes.

    Raises:
        NotStoredError: FPL does not list one of the players in the season.
    """
    heads = select_rows(conn, PlayerHead, query("player_head"), {"season": season, "codes": list(codes)})
    missing = [code for code in codes if code not in {head.code for head in heads}]
    if missing:
        raise NotStoredError(
            f"FPL lists no player with the code {missing[0]} in {season}. The page Players finds players by name."
        )
    return heads


def played_matches(conn: Connection[Any], season: str, code: int) -> list[PlayedMatch]:
    """The matches of a player's season so far, by kick-off."""
    return select_rows(conn, PlayedMatch, query("player_matches"), {"season": season, "code": code})


def attributes(conn: Connection[Any], season: str, codes: Sequence[int]) -> dict[int, list[Attributes]]:
    """The attributes of some players by code, of a season and of the earlier ones, the newest first."""
    found: dict[int, list[Attributes]] = {}
    for row in select_records(conn, query("player_attributes"), {"season": season, "codes": list(codes)}):
        average = {axis: row[f"average_{axis}"] for axis in AXES}
        one = Attributes(
            season=row["season"],
            position=row["position"],
            values={axis: row[axis] for axis in AXES},
            average=average if any(value is not None for value in average.values()) else None,
            average_season=row["average_season"],
            as_of=row["as_of"],
        )
        found.setdefault(row["code"], []).append(one)
    return found


def radar(head: PlayerHead, known: Sequence[Attributes]) -> PlayerRadar:
    """A player's radar: the season, the earlier ones, and the average of the position."""
    own = next((one for one in known if one.season == head.season), None)
    newest = known[0] if known else None
    position = (newest and newest.position) or head.position
    return PlayerRadar(
        player=head.player,
        club=head.club,
        position=position,
        season=head.season,
        values=own.values if own else {},
        earlier=tuple((one.season, one.values) for one in known if one is not own),
        average=newest.average if newest else None,
        is_goalkeeper=position == GOALKEEPER,
        as_of=newest.as_of if newest else None,
    )


def comparison(heads: Sequence[PlayerHead], known: Mapping[int, Sequence[Attributes]]) -> ComparisonRadar:
    """The radars of up to four players: of the season, else of the newest one before, which the name then states."""
    players = []
    for head in heads:
        newest = next(iter(known.get(head.code, ())), None)
        is_earlier = newest is not None and newest.season != head.season
        players.append(
            ComparedPlayer(
                player=f"{head.player} {newest.season}" if newest and is_earlier else head.player,
                club=head.club,
                position=head.position,
                season=newest.season if newest else head.season,
                values=newest.values if newest else {},
            )
        )
    times = [one.as_of for head in heads for one in list(known.get(head.code, ()))[:1]]
    return ComparisonRadar(players=tuple(players), as_of=max(times, default=None))


def season_heatmap(conn: Connection[Any], head: PlayerHead) -> PlayerSeasonHeatmap:
    """All heatmaps of a player's season in one; without points when SofaSport has none."""
    wanted = {"season": head.season, "code": head.code}
    rows: list[dict[str, Any]] = select_records(conn, query("season_heatmap"), wanted)
    return PlayerSeasonHeatmap(
        player=head.player,
        club=head.club,
        season=head.season,
        matches=len(rows),
        points=tuple(point for row in rows for point in points_of(row["points"])),
        minutes=sum(row["minutes"] for row in rows) if rows else None,
        as_of=max((row["as_of"] for row in rows), default=None),
    )


def ratings(head: PlayerHead, matches: Sequence[PlayedMatch]) -> Ratings:
    """A player's ratings by gameweek."""
    rated = tuple(
        RatedMatch(one.gameweek, one.opponent, one.venue, one.rating, tuple(one.earlier_ratings)) for one in matches
    )
    return Ratings(head.player, head.club, head.season, rated, _newest(matches))


def points(head: PlayerHead, matches: Sequence[PlayedMatch]) -> PointsAndExpected:
    """A player's points beside expected goals and assists. A match without minutes has none of them."""
    shown = tuple(
        PointsMatch(
            gameweek=one.gameweek,
            opponent=one.opponent,
            venue=one.venue,
            points=one.points if _has_played(one) else None,
            expected_goals=one.expected_goals,
            expected_assists=one.expected_assists,
            goals=one.goals if _has_played(one) else None,
            assists=one.assists if _has_played(one) else None,
        )
        for one in matches
    )
    return PointsAndExpected(head.player, head.club, head.season, shown, _newest(matches))


def prices(conn: Connection[Any], head: PlayerHead) -> PriceAndOwnership:
    """A player's price and ownership before each deadline."""
    rows = select_records(conn, query("player_prices"), {"season": head.season, "code": head.code})
    states = tuple(PriceState(row["gameweek"], row["price"], row["ownership"]) for row in rows)
    return PriceAndOwnership(head.player, head.club, head.season, states)


def _has_played(match: PlayedMatch) -> bool:
    """Somebody on the bench who got a card has points without minutes."""
    return bool(match.minutes) or bool(match.points)


def _newest(matches: Sequence[PlayedMatch]) -> datetime | None:
    return max((one.as_of for one in matches if one.as_of), default=None)
