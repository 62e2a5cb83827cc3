"""The statistics of both teams of a match beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

MOST = 100


@dataclass(frozen=True)
class SideFigures:
    """A club's figures in a match. None means that no player has the figure."""

    venue: Literal["home", "away"]
    expected_goals: float | None
    rating: float | None
    shots: int | None
    shots_on_target: int | None
    key_passes: int | None
    passes: int | None
    accurate_passes: int | None
    touches: int | None
    duels_won: int | None
    tackles: int | None
    interceptions: int | None
    clearances: int | None
    fouls: int | None
    saves: int | None
    defensive_contribution: int | None
    yellow_cards: int | None
    red_cards: int | None
    fantasy_points: int | None

    @property
    def pass_share(self) -> float | None:
        """Accurate passes in percent."""
        return None if not self.passes or self.accurate_passes is None else MOST * self.accurate_passes / self.passes


@dataclass(frozen=True)
class FigureLine:
    """A statistic of both teams. `home_part` is the home team's part of both, in percent; None without a bar."""

    title: str
    home: float | None
    away: float | None
    digits: int
    home_part: int | None

    @property
    def leader(self) -> Literal["home", "away"] | None:
        """The side with the higher figure."""
        if self.home is None or self.away is None or self.home == self.away:
            return None
        return "home" if self.home > self.away else "away"


LINES: Sequence[tuple[str, str, int]] = (
    ("Expected goals", "expected_goals", 2), ("Shots", "shots", 0), ("Shots on target", "shots_on_target", 0),
    ("Key passes", "key_passes", 0), ("Passes", "passes", 0), ("Accurate passes, %", "pass_share", 0),
    ("Touches", "touches", 0), ("Duels won", "duels_won", 0), ("Tackles", "tackles", 0),
    ("Interceptions", "interceptions", 0), ("Clearances", "clearances", 0), ("Saves", "saves", 0),
    ("Fouls", "fouls", 0), ("Yellow cards", "yellow_cards", 0), ("Red cards", "red_cards", 0),
    ("Defensive contributions", "defensive_contribution", 0), ("FPL points", "fantasy_points", 0),
    ("Average rating, with substitutes", "rating", 2),
)  # fmt: skip
"""Title, figure and decimals of each line."""


def beside_each_other(sides: Sequence[SideFigures]) -> list[FigureLine]:
    """The statistics that at least one team has; empty unless both teams are there."""
    by_venue = {one.venue: one for one in sides}
    if len(by_venue) < 2:
        return []
    lines = [
        _line(title, getattr(by_venue["home"], name), getattr(by_venue["away"], name), digits)
        for title, name, digits in LINES
    ]
    return [line for line in lines if line.home is not None or line.away is not None]


def _line(title: str, home: float | None, away: float | None, digits: int) -> FigureLine:
    total = max(home or 0, 0) + max(away or 0, 0)
    part = round(MOST * max(home or 0, 0) / total) if total and home is not None and away is not None else None
    return FigureLine(title, home, away, digits, part)
