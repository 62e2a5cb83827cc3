"""Pictures that people have looked at and approved, and how much a new drawing may differ from them.

An approved picture has half the size. Two drawings are compared tile by tile: smoothed edges change a tile by little,
another digit, line or colour changes at least one tile by much.
"""

from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from fpl_pulse.charts.catalogue import picture_of
from fpl_pulse.charts.style import ThemeName
from tests.unit.charts.examples import all_charts

FOLDER = Path(__file__).resolve().parent / "approved"
APPROVED: tuple[tuple[str, ThemeName], ...] = (
    ("player-in-a-match", "light"),
    ("few-points", "dark"),
    ("both-teams", "dark"),
    ("radar", "light"),
    ("comparison", "dark"),
    ("lineups", "light"),
    ("team-of-the-week", "dark"),
    ("ratings", "dark"),
    ("points", "light"),
)
TILE = 8
MOST_DIFFERENT = 10.0
"""The mean difference of the pixels of the worst tile, 0-255, up to which two pictures count as equal."""

Pixels = NDArray[np.float64]


def path_of(name: str, theme: ThemeName) -> Path:
    """The file of an approved picture."""
    return FOLDER / f"{name}-{theme}.png"


def drawn(name: str, theme: ThemeName) -> Pixels:
    """A picture as it is drawn now, at half the size."""
    return halved(picture_of(all_charts()[name], theme).content)


def halved(content: bytes, *, blur: float = 0) -> Pixels:
    """A PNG as red, green and blue, at half the size. `blur` smooths the edges by so many pixels before."""
    with Image.open(BytesIO(content)) as image:
        small = image.convert("RGB").filter(ImageFilter.GaussianBlur(blur)).reduce(2)
    return np.asarray(small, dtype=np.float64)


def approved(name: str, theme: ThemeName) -> Pixels:
    """The approved picture."""
    with Image.open(path_of(name, theme)) as image:
        return np.asarray(image.convert("RGB"), dtype=np.float64)


def approve(name: str, theme: ThemeName) -> None:
    """Store the picture as it is drawn now."""
    FOLDER.mkdir(exist_ok=True)
    Image.fromarray(drawn(name, theme).astype(np.uint8)).save(path_of(name, theme), optimize=True)


def difference(one: Pixels, other: Pixels) -> float:
    """The mean difference of the pixels of the worst tile, 0-255; 255 when the sizes differ."""
    if one.shape != other.shape:
        return 255.0
    gap = np.abs(one - other).mean(axis=2)
    whole = np.pad(gap, ((0, -gap.shape[0] % TILE), (0, -gap.shape[1] % TILE)))
    tiles = whole.reshape(whole.shape[0] // TILE, TILE, whole.shape[1] // TILE, TILE)
    return float(tiles.mean(axis=(1, 3)).max())
