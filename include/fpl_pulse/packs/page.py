"""`index.html` of a pack: the gameweek in words and pictures, for a browser without a server."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from fpl_pulse.charts.catalogue import Chart, picture_of
from fpl_pulse.packs.overview import TEAM, Overview, player_section

PAGE, PICTURES = "index.html", "pictures"

TEMPLATES = Path(__file__).parent / "templates"
NOTHING = "\N{EN DASH}"


@dataclass(frozen=True)
class Shown:
    """A picture of the page."""

    path: str
    """Relative to the page."""
    alt: str
    width: int
    height: int


@dataclass(frozen=True)
class TableFiles:
    """The CSV files of a view."""

    view: str
    meaning: str
    of_season: str
    rows_of_season: int
    of_gameweek: str | None
    rows_of_gameweek: int | None


def write_page(folder: Path, overview: Overview, as_of: datetime, tables: Sequence[TableFiles]) -> None:
    """Draw the pictures and write the page. The same values give the same bytes.

    Args:
        folder: of the pack.
        overview: what the page shows of the gameweek.
        as_of: the as-of time of the data.
        tables: the files that the page links to.
    """
    (folder / PICTURES).mkdir()
    pictures = {
        section: [_drawn(folder, name, chart) for name, chart in charts.items()]
        for section, charts in overview.charts.items()
    }
    (folder / PAGE).write_text(_rendered(overview, pictures, as_of, tables), encoding="utf-8")


def _drawn(folder: Path, name: str, chart: Chart) -> Shown:
    picture = picture_of(chart)
    path = f"{PICTURES}/{name}.png"
    (folder / path).write_bytes(picture.content)
    return Shown(path, picture.alt, picture.width, picture.height)


def _rendered(
    overview: Overview, pictures: Mapping[str, Sequence[Shown]], as_of: datetime, tables: Sequence[TableFiles]
) -> str:
    template = _environment().get_template(PAGE)
    team = pictures.get(TEAM, ())
    return template.render(overview=overview, pictures=pictures, team=team, as_of=as_of, tables=tables)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"number": _number, "when": _when, "player_section": player_section}
    return environment


def _number(value: float | None, digits: int = 0) -> str:
    return NOTHING if value is None else f"{value:,.{digits}f}"


def _when(time: datetime | None) -> str:
    """A time in UTC, like all times of a pack."""
    return "no date" if time is None else f"{time.astimezone(UTC):%Y-%m-%d %H:%M}"
