"""Figures as bytes: PNG or SVG, the same bytes for the same data on the same versions of the libraries."""

from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import Final, Literal

from matplotlib import rc_context
from matplotlib.figure import Figure

Format = Literal["png", "svg"]
Scale = Literal[1, 2]

MEDIA_TYPES: Final[dict[Format, str]] = {"png": "image/png", "svg": "image/svg+xml"}

_SVG_LOCK: Final = Lock()


@dataclass(frozen=True)
class Picture:
    """A picture with its size in CSS pixels and its alternative text."""

    content: bytes
    media_type: str
    width: int
    height: int
    alt: str


def png(figure: Figure, scale: Scale = 1) -> bytes:
    """A figure as PNG. Scale 2 has twice as many pixels in each direction, for screens with high resolution."""
    written = BytesIO()
    figure.savefig(written, format="png", dpi=figure.dpi * scale, metadata={"Software": None}, facecolor="auto")
    return written.getvalue()


def svg(figure: Figure) -> bytes:
    """A figure as SVG. Letters are outlines: it needs no font and contains no markup from a name."""
    written = BytesIO()
    # matplotlib reads these settings from a dictionary of the whole process.
    with _SVG_LOCK, rc_context({"svg.hashsalt": "fpl-pulse", "svg.fonttype": "path", "svg.id": None}):
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return written.getvalue()
