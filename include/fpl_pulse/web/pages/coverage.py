"""How much of each kind of data each gameweek of a season has, as the newest check counted it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fpl_pulse.web.pages.reading import Visit
from fpl_pulse.wording import share_in_words

NONE_DUE = "none due"


@dataclass(frozen=True)
class KindCoverage:
    """How much of a kind of data a gameweek has."""

    gameweek: int | None
    what: str
    have: int
    due: int
    """How many there should be, those included whose absence is excused."""
    not_yet: int
    """How many of them are missing and excused."""
    is_enough: bool
    is_complete: bool
    missing: list[str]
    missing_count: int
    as_of: datetime

    @property
    def mark(self) -> str:
        """How the share looks."""
        return "good" if self.is_complete else "warn" if self.is_enough else "bad"

    @property
    def share(self) -> str:
        """The share in whole percent."""
        return share_in_words(self.have, self.due, digits=0) if self.due else NONE_DUE


@dataclass(frozen=True)
class Grid:
    """The coverage of a season: a line for each kind of data, a column for each gameweek, the newest first."""

    gameweeks: Sequence[int | None]
    lines: Sequence[tuple[str, Sequence[KindCoverage | None]]]


def coverage_of_season(visit: Visit) -> list[KindCoverage]:
    """The newest counts of the page's season, by gameweek and kind; what belongs to no gameweek is last."""
    return visit.rows(KindCoverage, "coverage_of_season")


def grid_of(cells: Sequence[KindCoverage]) -> Grid:
    """The counts of a season as a grid."""
    gameweeks = sorted({cell.gameweek for cell in cells}, key=lambda number: number or 0, reverse=True)
    by_place = {(cell.what, cell.gameweek): cell for cell in cells}
    kinds = sorted({cell.what for cell in cells})
    return Grid(gameweeks, [(what, [by_place.get((what, gameweek)) for gameweek in gameweeks]) for what in kinds])
