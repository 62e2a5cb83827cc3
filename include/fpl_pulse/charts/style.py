"""Colours, sizes and the two themes of all charts. No chart has a colour or a size of text of its own.

Lengths are in pixels of a picture that is 800 pixels wide. A phone shows it at half that size, so the smallest text has
15 pixels.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from matplotlib.colors import LinearSegmentedColormap, to_rgb

ThemeName = Literal["light", "dark"]

WIDTH: Final = 800
"""The width of every chart in pixels."""
MARGIN: Final = 30
TITLE: Final = 28
TEXT: Final = 18
SMALL: Final = 17
LABEL: Final = 16
"""In a badge, and at the head of a column."""
NOTE: Final = 15
"""The numbers on the rings of a radar, and the lines below a name."""


@dataclass(frozen=True)
class Theme:
    """The colours of one theme, as hexadecimal codes."""

    name: ThemeName
    background: str
    panel: str
    """Behind a pitch or the rows of a table."""
    ink: str
    muted: str
    grid: str
    pitch_line: str
    accent: str
    series: tuple[str, str, str, str]
    """The colours of up to four players, told apart with the usual colour blindnesses."""
    heat: tuple[str, ...]
    """The scale of heatmaps from none to most. Its lightness goes one way, so that it works in grey too."""
    home: str
    away: str
    badge_edge: str


LIGHT: Final = Theme(
    name="light",
    background="#ffffff",
    panel="#f3f6f4",
    ink="#15202b",
    muted="#54616d",
    grid="#d5dce2",
    pitch_line="#8b979f",
    accent="#0b6fb8",
    series=("#0b6fb8", "#c8500a", "#00805e", "#9a4f97"),
    heat=("#f3f6f4", "#dfe8c8", "#a9d3b4", "#5fb3b6", "#2f86b0", "#23559a", "#1b2a6b"),
    home="#15202b",
    away="#ffffff",
    badge_edge="#ffffff",
)

DARK: Final = Theme(
    name="dark",
    background="#11171e",
    panel="#182129",
    ink="#eef2f5",
    muted="#a3b0bc",
    grid="#303c48",
    pitch_line="#8996a2",
    accent="#58b4ee",
    series=("#58b4ee", "#f2a03d", "#35c79a", "#df9ad6"),
    heat=("#182129", "#1f3a5c", "#2b5f87", "#3f8d92", "#7db37a", "#cfcf63", "#fff3a6"),
    home="#eef2f5",
    away="#11171e",
    badge_edge="#6d8597",
)

THEMES: Final[dict[ThemeName, Theme]] = {"light": LIGHT, "dark": DARK}

NO_RATING: Final = "#6b7782"
RATING_BANDS: Final = ((9.0, "#0a2f6b"), (8.0, "#1763ad"), (7.0, "#5aa6d8"), (6.0, "#eec25a"), (0.0, "#b8451f"))
"""The lowest rating of each band with its colour. Colour is never alone: a number or an axis states the rating too."""


def rating_colour(rating: float | None) -> str:
    """The colour of a rating from 3 to 10; grey without a rating."""
    if rating is None:
        return NO_RATING
    return next((colour for lowest, colour in RATING_BANDS if rating >= lowest), RATING_BANDS[-1][1])


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2 defines it, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def text_on(colour: str) -> str:
    """Black or white, whichever is easier to read on a colour."""
    return max("#ffffff", "#10161c", key=lambda text: contrast(text, colour))


@cache
def heat_map(theme: Theme) -> LinearSegmentedColormap:
    """The scale of heatmaps as a colour map."""
    return LinearSegmentedColormap.from_list(f"fpl_pulse_{theme.name}", list(theme.heat), N=512)


def _luminance(colour: str) -> float:
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
