"""Texts that can be drawn: any name becomes one line that the font has the signs for, cut to the width it has.

Names come from two websites and can contain anything. A chart never interprets them: no markup, no formula, no control
character, no change of the writing direction.
"""

import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, Literal

from anyascii import anyascii
from matplotlib import get_data_path
from matplotlib.font_manager import FontProperties, get_font

from fpl_pulse.charts.style import MARGIN, TITLE, WIDTH

FONTS: Final = Path(get_data_path()) / "fonts" / "ttf"
REGULAR: Final = FONTS / "DejaVuSans.ttf"
BOLD: Final = FONTS / "DejaVuSans-Bold.ttf"
"""The fonts that matplotlib brings, by their files: pictures are the same on every machine."""

LONGEST: Final = 200
"""Characters of a text that are looked at. Nothing longer fits into a chart."""
MOST_MARKS: Final = 2
"""Accents that one letter can have. More would be drawn over the lines above."""
BOX: Final = "\u25a1"
ELLIPSIS: Final = "…"
DASH: Final = "\u2013"
MINUS: Final = "\u2212"

Venue = Literal["home", "away"]
"""Where the club of a player or a lineup played."""


@cache
def font(*, bold: bool) -> FontProperties:
    """The font of all charts. Callers give the size beside it and do not change it."""
    return FontProperties(fname=str(BOLD if bold else REGULAR))


@cache
def _drawable() -> frozenset[int]:
    """The characters that both fonts have."""
    return frozenset(get_font(str(REGULAR)).get_charmap()) & frozenset(get_font(str(BOLD)).get_charmap())


def clean(text: object) -> str:
    """One line of characters that the fonts have, without control characters.

    A letter that the fonts lack is written in ASCII letters: Hangul becomes `Son`. Any other sign becomes a box, and so
    does a text of nothing but control characters.
    """
    composed = unicodedata.normalize("NFC", str(text)[:LONGEST])
    written: list[str] = []
    marks = 0
    for sign in composed:
        category = unicodedata.category(sign)
        marks = marks + 1 if category.startswith("M") else 0
        if sign.isspace() or category == "Cc":
            written.append(" ")
        elif category in {"Cf", "Cs", "Cn"} or marks > MOST_MARKS:
            continue
        elif ord(sign) in _drawable():
            written.append(sign)
        elif category.startswith("L"):
            written.append(anyascii(sign) or BOX)
        elif not category.startswith("M"):
            written.append(BOX)
    line = " ".join("".join(written).split())
    return line if line or not composed.strip() else BOX


@lru_cache(maxsize=2048)
def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """The width of a cleaned text in pixels, at a size in pixels."""
    face = get_font(str(BOLD if bold else REGULAR))
    face.set_size(size, 72)
    face.set_text(text, 0.0)
    return float(face.get_width_height()[0]) / 64


def fit(text: object, width: float, size: float, *, bold: bool = False) -> str:
    """A text cleaned and, when it is wider than `width` pixels, cut with an ellipsis."""
    line = clean(text)
    if width_of(line, size, bold=bold) <= width:
        return line
    low, high = 0, len(line)
    while low < high:
        middle = (low + high + 1) // 2
        if width_of(line[:middle].rstrip() + ELLIPSIS, size, bold=bold) <= width:
            low = middle
        else:
            high = middle - 1
    return line[:low].rstrip() + ELLIPSIS


def lines_of(parts: Sequence[str], width: float, size: float, *, separator: str = " · ") -> list[str]:
    """Facts, or the words of a sentence, in as many lines as they need. A part that is wider than a line is cut."""
    lines: list[str] = []
    for part in (fit(part, width, size) for part in parts if part):
        longer = f"{lines[-1]}{separator}{part}" if lines else part
        if lines and width_of(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines


def moment(when: datetime | None) -> str:
    """An as-of time for a caption: `as of 14 Oct 2025 04:00 UTC`. Empty without a time."""
    if when is None:
        return ""
    utc = when.astimezone(UTC)
    return f"as of {utc.day} {utc:%b %Y %H:%M} UTC"


def score_line(home: str, away: str, home_score: int | None, away_score: int | None) -> str:
    """Both clubs with the score between them, or with a dash before the match; long names are cut for a title."""
    room = (WIDTH - 2 * MARGIN) / 2 - 70
    first, second = (fit(club, room, TITLE, bold=True) for club in (home, away))
    if home_score is None or away_score is None:
        return f"{first} {DASH} {second}"
    return f"{first} {home_score}{DASH}{away_score} {second}"


def against(opponent: str, venue: Venue) -> str:
    """The opponent as FPL writes it: `Arsenal (H)`, with H for a home match of the player."""
    return f"{clean(opponent)} ({'H' if venue == 'home' else 'A'})"


def match_facts(gameweek: int | None, season: str | None) -> list[str]:
    """Gameweek and season of a match, empty where they are unknown."""
    return ["" if gameweek is None else f"gameweek {gameweek}", clean(season) if season else ""]


def matches_in_words(number: int, kind: str = "") -> str:
    """`1 match`, `29 matches`, `29 rated matches`."""
    return f"{number} {kind}{' ' if kind else ''}{'match' if number == 1 else 'matches'}"
