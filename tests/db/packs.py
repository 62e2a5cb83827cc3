"""A pack for tests: the small league, written into a folder, and what is in it."""

import hashlib
import json
from pathlib import Path
from typing import Any

from fpl_pulse.charts.catalogue import Chart, picture_of
from fpl_pulse.charts.picture import Picture
from fpl_pulse.packs.folder import Folder
from fpl_pulse.packs.manifest import MANIFEST

SEASON, GAMEWEEK = "2025-26", 2
"""What has begun in the small league after the week of 25 August."""


def hashes(folder: Path) -> dict[str, str]:
    """Path -> SHA-256 of every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def stored(folder: Path) -> dict[str, Any]:
    """The manifest in a folder."""
    found: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    return found


def place(root: Path) -> Folder:
    """The packs in a folder."""
    return Folder(root)


_DRAWN: dict[str, Picture] = {}


def remembered_picture(chart: Chart) -> Picture:
    """As `picture_of`, without drawing the same data again."""
    data = repr(chart)
    if data not in _DRAWN:
        _DRAWN[data] = picture_of(chart)
    return _DRAWN[data]
