"""What `index.html` shows of a gameweek: results, the best players, and the data of its charts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection

from fpl_pulse.chart_data import match_charts, player_charts
from fpl_pulse.chart_data.gameweek_charts import (
    GameweekPlayer,
    best_by,
    gameweek_players,
    state_in_words,
    team_of_the_week,
)
from fpl_pulse.charts.catalogue import Chart
from fpl_pulse.packs.queries import query
from fpl_pulse.store.connection import select_rows

BEST = 10
"""How many players a list of the best has."""
SHOWN = 5
"""How many players have charts of their own: those with the most points."""


@dataclass(frozen=True)
class Match:
    """A match of the gameweek."""

    fixture_id: int
    kickoff_at: datetime | None
    home_team: str
    away_team: str
    home_score: int | None
    away_score: int | None
    state: str
    event_id: int | None
    """SofaSport's event. Without one there are no lineups."""

    @property
    def section(self) -> str:
        """The match's part of the page, and the beginning of the names of its pictures."""
        return f"match-{self.fixture_id}"


@dataclass(frozen=True)
class Place:
    """A player in the lineup of a match."""

    code: int
    fixture_id: int
    sofasport_player_id: int


Charts = Mapping[str, Mapping[str, Chart]]
"""Part of the page -> name of a picture -> its data. Names consist of letters, numbers and hyphens."""

TEAM = "team-of-the-week"
"""The part of the page with the team of the week."""


@dataclass(frozen=True)
class Overview:
    """Everything that the page shows of the gameweek."""

    season: str
    gameweek: int
    state: str
    matches: Sequence[Match]
    by_points: Sequence[GameweekPlayer]
    by_rating: Sequence[GameweekPlayer]
    shown: Sequence[GameweekPlayer]
    """The players with charts."""
    charts: Charts

    @property
    def has_two_matches(self) -> bool:
        """Whether a listed player has played twice."""
        return any(one.matches > 1 for one in (*self.by_points, *self.by_rating))


def player_section(player: GameweekPlayer) -> str:
    """A player's part of the page."""
    return f"player-{player.code}"


def read_overview(conn: Connection[Any], season: str, gameweek: int) -> Overview:
    """Read what the page shows. Nothing of it is of a later gameweek.

    Args:
        conn: the store, in the transaction of the pack.
        season: the season.
        gameweek: the gameweek of the pack.
    """
    matches = select_rows(conn, Match, query("gameweek_matches"), {"season": season, "gameweek": gameweek})
    players = gameweek_players(conn, season, gameweek)
    by_points = best_by(players, lambda one: one.points, BEST)
    shown = by_points[:SHOWN]
    team = team_of_the_week(season, gameweek, players)
    charts: dict[str, Mapping[str, Chart]] = {TEAM: {TEAM: team}} if team.players else {}
    charts |= {one.section: _of_match(conn, season, one) for one in matches}
    charts |= _of_players(conn, season, gameweek, shown)
    return Overview(
        season=season,
        gameweek=gameweek,
        state=state_in_words([one.state for one in matches]),
        matches=matches,
        by_points=by_points,
        by_rating=best_by(players, lambda one: one.rating, BEST),
        shown=shown,
        charts=charts,
    )


def _of_match(conn: Connection[Any], season: str, match: Match) -> Mapping[str, Chart]:
    """The charts of a match; none when SofaSport has no lineups of it."""
    if match.event_id is None:
        return {}
    lineups = match_charts.lineups(conn, season, match.fixture_id)
    if not lineups.home.players and not lineups.away.players:
        return {}
    heatmaps = match_charts.both_teams(conn, season, match.fixture_id)
    return {f"{match.section}-lineups": lineups, f"{match.section}-heatmaps": heatmaps}


def _of_players(
    conn: Connection[Any], season: str, gameweek: int, players: Sequence[GameweekPlayer]
) -> dict[str, Mapping[str, Chart]]:
    """The heatmaps of the players in the gameweek, their ratings and their points up to it."""
    codes = [one.code for one in players]
    wanted = {"season": season, "gameweek": gameweek, "codes": codes}
    places = select_rows(conn, Place, query("lineup_places"), wanted)
    heads = {head.code: head for head in player_charts.find_heads(conn, season, codes)}
    found: dict[str, Mapping[str, Chart]] = {}
    for player in players:
        section, head = player_section(player), heads[player.code]
        played = player_charts.played_matches(conn, season, player.code)
        until = [one for one in played if one.gameweek <= gameweek]
        heatmaps: dict[str, Chart] = {
            f"{section}-heatmap-{place.fixture_id}": match_charts.player_heatmap(
                conn, season, place.fixture_id, place.sofasport_player_id
            )
            for place in places
            if place.code == player.code
        }
        found[section] = heatmaps | {
            f"{section}-ratings": player_charts.ratings(head, until),
            f"{section}-points": player_charts.points(head, until),
        }
    return found
