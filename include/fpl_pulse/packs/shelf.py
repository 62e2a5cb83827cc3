"""The packs of a folder, for readers: which there are, and their files."""

import os
import re
import stat
import weakref
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from fpl_pulse.packs.manifest import MANIFEST, Manifest

SEASON = "[0-9]{4}-[0-9]{2}"
PACK = "gw[0-9]{2}"
MAX_MANIFEST_BYTES = 10_000_000
PART_BYTES = 1 << 18
"""How much of a file is read at once."""


@dataclass(frozen=True)
class StoredPack:
    """A pack in the folder."""

    season: str
    name: str
    """Its folder: `gw07`."""
    manifest: Manifest


@dataclass(frozen=True)
class StoredFile:
    """An open file of a pack. The caller closes it."""

    file: BinaryIO
    bytes: int
    validator: str
    """Changes with the content."""


def stored_packs(root: Path) -> list[StoredPack]:
    """The packs in a folder, the newest first; none when there is no such folder."""
    names = [(season, pack) for season in _folders(root, SEASON) for pack in _folders(root / season, PACK)]
    packs = [pack for season, name in names if (pack := stored_pack(root, season, name))]
    return sorted(packs, key=lambda pack: (pack.season, pack.name), reverse=True)


def stored_pack(root: Path, season: str, name: str) -> StoredPack | None:
    """A pack; None when there is none with a manifest that can be read."""
    opened = open_pack(root, season, name)
    if opened is None:
        return None
    with closing(opened):
        return opened.pack


def open_file(root: Path, season: str, name: str, path: str) -> StoredFile | None:
    """A file of a pack; None for everything that its manifest does not name, and for anything that is no plain file.

    While a pack is replaced, the open file keeps the content that it had.
    """
    opened = open_pack(root, season, name)
    if opened is None:
        return None
    with closing(opened):
        return opened.open(path)


class OpenPack:
    """A pack whose folder is open. When another pack takes its place, this one still has its own files, or none."""

    def __init__(self, pack: StoredPack, folder: int) -> None:
        self.pack = pack
        self._folder = folder
        self.close = weakref.finalize(self, os.close, folder)
        """Close the folder. Nobody calls it for a response that has not begun when its client goes away."""

    @property
    def paths(self) -> list[str]:
        """The files that the manifest names, in its order, and the manifest itself."""
        return [*(file.path for file in self.pack.manifest.files), MANIFEST]

    def open(self, path: str) -> StoredFile | None:
        """A file of the pack; None when the manifest does not name it, and when it is missing or no plain file."""
        file = _open_below(self._folder, path.split("/")) if path in self.paths else None
        if file is None:
            return None
        status = os.fstat(file.fileno())
        return StoredFile(file, status.st_size, f"{status.st_ino:x}-{status.st_mtime_ns:x}-{status.st_size:x}")


def open_pack(root: Path, season: str, name: str) -> OpenPack | None:
    """Open the folder of a pack. The caller closes it. None when there is no pack with a manifest that can be read."""
    folder = _open_folder(root, season, name)
    if folder is None:
        return None
    pack = _read_pack(folder, season, name)
    if pack is None:
        os.close(folder)
        return None
    return OpenPack(pack, folder)


def _read_pack(folder: int, season: str, name: str) -> StoredPack | None:
    opened = _open_below(folder, [MANIFEST])
    if opened is None:
        return None
    with opened as file:
        manifest = Manifest.read(file.read(MAX_MANIFEST_BYTES), f"{season}/{name}/{MANIFEST}")
    return StoredPack(season, name, manifest) if manifest else None


def _folders(parent: Path, pattern: str) -> Iterator[str]:
    with suppress(OSError):
        yield from (entry.name for entry in parent.iterdir() if re.fullmatch(pattern, entry.name))


def _open_folder(root: Path, *parts: str) -> int | None:
    """Open a folder below another one."""
    try:
        folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return None
    return _descend(folder, parts)


def _open_below(folder: int, parts: Sequence[str]) -> BinaryIO | None:
    """Open a file below an open folder, which stays open. No part may be a symbolic link or lead upwards."""
    inner = _descend(os.dup(folder), parts[:-1]) if all(map(_is_name, parts)) else None
    if inner is None:
        return None
    try:
        # Opening a named pipe would wait for a writer.
        descriptor = os.open(parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=inner)
    except OSError:
        return None
    finally:
        os.close(inner)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return None
    return os.fdopen(descriptor, "rb")


def _is_name(part: str) -> bool:
    return part not in ("", ".", "..") and "/" not in part and "\0" not in part


def _descend(folder: int, parts: Sequence[str]) -> int | None:
    """Close a folder and open the one that is so many parts below, whatever changes meanwhile."""
    for part in parts:
        inner = None
        if _is_name(part):
            with suppress(OSError):
                inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
        os.close(folder)
        if inner is None:
            return None
        folder = inner
    return folder
