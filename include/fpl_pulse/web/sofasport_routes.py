"""The five addresses of the old web app, below the mount point.

The old web app showed a position's average as a player's own radar, lost the second match of a double gameweek, turned
zeros into nulls, read fields that do not exist, and dropped unknown players without a word. These do not.
"""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter

from fpl_pulse.web.database import Reader
from fpl_pulse.web.parameters import (
    Data,
    Gameweek,
    Player,
    PlayerIds,
    PlayerOfSeason,
    Season,
    find_players,
    require_gameweek,
)
from fpl_pulse.web.problems import NotFoundError, described
from fpl_pulse.web.sofasport_rows import Comparison, Heatmap, MatchHeatmap, MatchStatistics, Radar, SeasonStatistics

router = APIRouter(prefix="/api/sofasport", tags=["web app"])

OUTFIELD_AXES = ("attacking", "technical", "tactical", "defending", "creativity")
KEEPER_AXES = ("saves", "anticipation", "tactical", "ball_distribution", "aerial")


@router.get("/player/{player_id}/radar/", responses=described(404))
def show_radar(reader: Data, player: PlayerOfSeason) -> Radar:
    """A player's attributes of the newest season up to the requested one that has any."""
    radar = _radar(reader, player)
    if radar.attributes is None:
        raise NotFoundError(f"SofaSport has no radar attributes of {player.player} up to {player.season}.")
    return radar


@router.get("/compare/radar/", responses=described(404))
def compare_radars(reader: Data, season: Season, player_ids: PlayerIds) -> Comparison:
    """The radars of up to four players."""
    players = find_players(reader, season, player_ids.split(","))
    return Comparison(players=[_radar(reader, player) for player in players])


@router.get("/player/{player_id}/season-stats/", responses=described(404))
def show_season_statistics(reader: Data, player: PlayerOfSeason) -> SeasonStatistics:
    """A player's totals of the season."""
    row = reader.record("season_statistics", vars(player))
    if row is None:
        raise NotFoundError(f"SofaSport has no season statistics of {player.player} in {player.season}.")
    return SeasonStatistics(
        player_id=player.element_id,
        player_name=player.player,
        season_id=str(row["sofasport_season_id"] or player.season),
        minutes_played=row["minutes"],
        big_chances=row["big_chances_created"],
        total_passes=row["passes"],
        pass_percentage=row["accurate_passes_percentage"],
        total_duels_won=row["duels_won"],
        total_duels_won_percentage=row["duels_won_percentage"],
        saves_percentage=_number(row["statistics"].get("savesPercentage")),
        all_stats=row["statistics"],
        **{name: value for name, value in row.items() if name in _SAME_IN_BOTH},
    )


@router.get("/player/{player_id}/heatmap/{gameweek}/", responses=described(404))
def show_heatmap(reader: Data, player: PlayerOfSeason, gameweek: Gameweek) -> Heatmap:
    """A player's heatmaps in a gameweek, all matches of a double gameweek."""
    rows = _of_gameweek(reader, "heatmaps", player, gameweek, "heatmap")
    matches = [MatchHeatmap(**row) for row in rows]
    return Heatmap(
        player_id=player.element_id,
        player_name=player.player,
        gameweek=gameweek,
        coordinates=[point for match in matches for point in match.coordinates],
        point_count=sum(match.point_count for match in matches),
        code=player.code,
        matches=matches,
    )


@router.get("/player/{player_id}/match-stats/{gameweek}/", responses=described(404))
def show_match_statistics(reader: Data, player: PlayerOfSeason, gameweek: Gameweek) -> MatchStatistics:
    """A player's statistics in a gameweek, all matches of a double gameweek."""
    rows = _of_gameweek(reader, "match_statistics", player, gameweek, "match statistics")
    matches = [{**row, "substitute": not row["is_starter"], "minutes_played": row["minutes"]} for row in rows]
    return MatchStatistics(
        **{**matches[0], "player_id": player.element_id, "player_name": player.player, "matches": matches}
    )


def _of_gameweek(reader: Reader, name: str, player: Player, gameweek: int, what: str) -> list[dict[str, Any]]:
    rows = reader.records(name, {**vars(player), "gameweek": gameweek})
    if not rows:
        require_gameweek(reader, player.season, gameweek)
        raise NotFoundError(f"SofaSport has no {what} of {player.player} in gameweek {gameweek} of {player.season}.")
    return rows


def _radar(reader: Reader, player: Player) -> Radar:
    row = reader.record("radar", vars(player))
    own = average = None
    if row:
        axes = KEEPER_AXES if row["position"] == "G" else OUTFIELD_AXES
        own = {axis: row[axis] for axis in axes}
        average = {axis: row[f"average_{axis}"] for axis in axes} if row["average_season"] else None
    found: Mapping[str, Any] = row or {}
    return Radar(
        player_id=player.element_id,
        player_name=player.player,
        full_name=player.full_name,
        position=found.get("position"),
        attributes=own,
        year_shift=int(player.season[:4]) - int(row["season"][:4]) if row else None,
        code=player.code,
        team=player.team,
        season=found.get("season"),
        average=average,
        average_season=found.get("average_season"),
    )


def _number(value: object) -> float | None:
    """A figure that is stored as SofaSport sent it."""
    return float(value) if isinstance(value, int | float) else None


_SAME_IN_BOTH = SeasonStatistics.model_fields.keys() - {"player_id", "player_name", "season_id"}
