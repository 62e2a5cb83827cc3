"""The sheet under every chart: title, facts, footer, and places in pixels from the top left corner."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from fpl_pulse.charts.lettering import clean, fit, font, lines_of, width_of
from fpl_pulse.charts.style import MARGIN, SMALL, TEXT, TITLE, WIDTH, Theme

DPI = 100
"""Of a picture at scale 1."""
POINTS_PER_PIXEL = 72 / DPI
HEAD = 98
"""Pixels from the top that the title and one line of facts take."""
LINE = 24
"""Pixels from one line of text to the next."""
MARK = "FPL Pulse"
LineStyle = Literal["-", "--", "-.", ":"] | tuple[float, tuple[float, ...]]
"""A pattern of matplotlib, or an offset with the lengths of dashes and gaps in widths of the line."""


@dataclass(frozen=True)
class Canvas:
    """An empty figure of 800 pixels by `height`, with methods that place things by pixels."""

    height: int
    theme: Theme
    figure: Figure = field(init=False)

    def __post_init__(self) -> None:
        """Make the figure. It belongs to no global state, so nothing has to close it."""
        figure = Figure(figsize=(WIDTH / DPI, self.height / DPI), dpi=DPI, facecolor=self.theme.background)
        FigureCanvasAgg(figure)
        object.__setattr__(self, "figure", figure)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = TEXT,
        colour: str | None = None,
        bold: bool = False,
        ha: Literal["left", "center", "right"] = "left",
        width: float | None = None,
    ) -> None:
        """Write one line, centred vertically on `y`, cut to `width`."""
        line = clean(text) if width is None else fit(text, width, size, bold=bold)
        self.figure.text(
            x / WIDTH,
            1 - y / self.height,
            line,
            fontproperties=font(bold=bold),
            fontsize=size * POINTS_PER_PIXEL,
            color=colour or self.theme.ink,
            ha=ha,
            va="center_baseline",
            parse_math=False,
        )

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Axes at a place in pixels."""
        bottom = self.height - top - height
        box = (left / WIDTH, bottom / self.height, width / WIDTH, height / self.height)
        return self.figure.add_axes(box)

    def line(
        self, x: tuple[float, float], y: tuple[float, float], colour: str, width: float, style: LineStyle = "-"
    ) -> None:
        """A line from one place to another."""
        across = [x[0] / WIDTH, x[1] / WIDTH]
        down = [1 - y[0] / self.height, 1 - y[1] / self.height]
        width = width * POINTS_PER_PIXEL
        self.figure.add_artist(Line2D(across, down, color=colour, linewidth=width, linestyle=style))

    def marker(self, x: float, y: float, marker: str, size: float, *, face: str, edge: str) -> None:
        """A marker with its middle at a place."""
        spot = Line2D(
            [x / WIDTH], [1 - y / self.height], linestyle="none", marker=marker, markersize=size * POINTS_PER_PIXEL
        )
        spot.set(markerfacecolor=face, markeredgecolor=edge, markeredgewidth=1.5 * POINTS_PER_PIXEL)
        self.figure.add_artist(spot)

    def box(self, left: float, top: float, width: float, height: float, colour: str) -> None:
        """A filled rectangle."""
        bottom = self.height - top - height
        corner = (left / WIDTH, bottom / self.height)
        shape = Rectangle(corner, width / WIDTH, height / self.height, facecolor=colour, edgecolor="none", zorder=-1)
        shape.set_transform(self.figure.transFigure)
        self.figure.add_artist(shape)

    def head(self, title: str, facts: Sequence[str]) -> None:
        """The title and one line of facts below it."""
        inner = WIDTH - 2 * MARGIN
        self.box(MARGIN, 24, 6, 58, self.theme.accent)
        self.text(MARGIN + 20, 40, title, size=TITLE, bold=True, width=inner - 20)
        line = " · ".join(fact for fact in facts if fact)
        self.text(MARGIN + 20, 71, line, colour=self.theme.muted, width=inner - 20)

    def foot(self, facts: Sequence[str]) -> None:
        """Where the figures are from, at the bottom; the name of the product at the right."""
        lines = foot_lines(facts)
        for number, line in enumerate(reversed(lines)):
            self.text(MARGIN, self.height - 24 - number * LINE, line, size=SMALL, colour=self.theme.muted)
        x = WIDTH - MARGIN
        self.text(x, self.height - 24, MARK, size=SMALL, colour=self.theme.muted, bold=True, ha="right")

    def sentence(self, text: str, top: float, height: float) -> None:
        """A sentence instead of a chart, in the middle of a panel."""
        self.box(MARGIN, top, WIDTH - 2 * MARGIN, height, self.theme.panel)
        lines = lines_of(clean(text).split(" "), WIDTH - 4 * MARGIN, TEXT, separator=" ")
        first = top + height / 2 - (len(lines) - 1) * LINE / 2
        for number, line in enumerate(lines):
            self.text(WIDTH / 2, first + number * LINE, line, colour=self.theme.muted, ha="center")


def foot_lines(facts: Sequence[str]) -> list[str]:
    """The lines of a footer."""
    room = WIDTH - 2 * MARGIN - width_of(MARK, SMALL, bold=True) - 24
    return lines_of(facts, room, SMALL)


def foot_height(facts: Sequence[str]) -> int:
    """Pixels that a footer takes."""
    return 24 + LINE * len(foot_lines(facts)) + 8


def empty_height(foot: Sequence[str]) -> int:
    """Pixels of the picture that `empty` makes."""
    return HEAD + 200 + foot_height(foot)


def empty(theme: Theme, title: str, facts: Sequence[str], why: str, foot: Sequence[str]) -> Figure:
    """A picture of a sentence: what a chart without data shows."""
    canvas = Canvas(empty_height(foot), theme)
    canvas.head(title, facts)
    canvas.sentence(why, HEAD, 190)
    canvas.foot(foot)
    return canvas.figure
