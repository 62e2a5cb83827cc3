"""A gameweek: who played, the best players, and the chart of its team."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection

from fpl_pulse.chart_data.best_eleven import best_eleven
from fpl_pulse.chart_data.queries import query
from fpl_pulse.charts.elevens import TeamOfTheWeek, WeekPlayer
from fpl_pulse.store.connection import select_rows

CHOSEN_BY = "most FPL points in a valid formation"
BEGUN = frozenset({"in play", "played", "final"})
OVER = frozenset({"played", "final"})


@dataclass(frozen=True)
class GameweekPlayer:
    """A player's gameweek: sums of all matches with minutes, and the mean rating. None means no data."""

    player: str
    code: int
    position: str | None
    club: str | None
    matches: int
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


def best_by(
    players: Sequence[GameweekPlayer], figure: Callable[[GameweekPlayer], float | None], most: int
) -> list[GameweekPlayer]:
    """At most so many players with the most of a figure that is above 0; equal ones by points, then by name."""
    found = [(value, one) for one in players if (value := figure(one)) is not None and value > 0]
    found.sort(key=lambda pair: (-pair[0], -(pair[1].points or 0), pair[1].player, pair[1].code))
    return [one for _, one in found[:most]]


def team_of_the_week(season: str, gameweek: int, players: Sequence[GameweekPlayer]) -> TeamOfTheWeek:
    """The team of the week of those who played; empty when they fill no valid formation."""
    best = best_eleven(
        [WeekPlayer(one.player, one.position or "", one.rating, one.club or "", one.points) for one in players]
    )
    as_of = max((one.as_of for one in players if one.as_of), default=None)
    return TeamOfTheWeek(season, gameweek, best.formation, best.players, CHOSEN_BY, as_of)


def state_in_words(states: Sequence[str]) -> str:
    """How much of a gameweek has been played, in a sentence.

    Args:
        states: of each match, as in the view `fpl.fixtures`.
    """
    over = sum(one in OVER for one in states)
    if not states:
        return "No match is planned for this gameweek."
    if not any(one in BEGUN for one in states):
        return "This gameweek has not begun: no match has been played."
    if over < len(states):
        return f"{over} of {len(states)} matches have been played. All figures are provisional."
    if any(one != "final" for one in states):
        return f"All {len(states)} matches have been played. Bonus points may still change."
    return f"All {len(states)} matches are final."
