"""The chart of a gameweek, read from the store."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection

from fpl_pulse.chart_data.best_eleven import best_eleven
from fpl_pulse.chart_data.queries import query
from fpl_pulse.charts.elevens import TeamOfTheWeek, WeekPlayer
from fpl_pulse.store.connection import select_rows

CHOSEN_BY = "most FPL points in a valid formation"


@dataclass(frozen=True)
class GameweekPlayer:
    """A player's gameweek: sums of all matches with minutes, and the mean rating. None means no data."""

    player: str
    code: int
    position: str | None
    club: str | None
    minutes: int
    rating: float | None
    points: int | None
    defensive_contribution: int | None
    goals: int | None
    expected_goals: float | None
    as_of: datetime | None

    @property
    def above_expected(self) -> float | None:
        """Goals minus expected goals."""
        return None if self.goals is None or self.expected_goals is None else self.goals - self.expected_goals


def gameweek_players(conn: Connection[Any], season: str, gameweek: int) -> list[GameweekPlayer]:
    """Everybody who played in a gameweek, in no particular order."""
    return select_rows(conn, GameweekPlayer, query("gameweek_players"), {"season": season, "gameweek": gameweek})


def team_of_the_week(season: str, gameweek: int, players: Sequence[GameweekPlayer]) -> TeamOfTheWeek:
    """The team of the week of those who played; empty when they fill no valid formation."""
    best = best_eleven(
        [WeekPlayer(one.player, one.position or "", one.rating, one.club or "", one.points) for one in players]
    )
    as_of = max((one.as_of for one in players if one.as_of), default=None)
    return TeamOfTheWeek(season, gameweek, best.formation, best.players, CHOSEN_BY, as_of)
