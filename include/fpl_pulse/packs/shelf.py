"""The packs of a folder, for readers: which there are, and their files."""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from fpl_pulse.packs.manifest import MANIFEST, Manifest

SEASON = "[0-9]{4}-[0-9]{2}"
PACK = "gw[0-9]{2}"
MAX_MANIFEST_BYTES = 10_000_000


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
    opened = _open(root, season, name, MANIFEST)
    if opened is None:
        return None
    with opened as file:
        manifest = Manifest.read(file.read(MAX_MANIFEST_BYTES), f"{season}/{name}/{MANIFEST}")
    return StoredPack(season, name, manifest) if manifest else None


def open_file(root: Path, season: str, name: str, path: str) -> StoredFile | None:
    """A file of a pack; None for everything that its manifest does not name, and for anything that is no plain file.

    While a pack is replaced, the open file keeps the content that it had.
    """
    pack = stored_pack(root, season, name)
    known = {file.path for file in pack.manifest.files} | {MANIFEST} if pack else set()
    opened = _open(root, season, name, *path.split("/")) if path in known else None
    if opened is None:
        return None
    status = os.fstat(opened.fileno())
    return StoredFile(opened, status.st_size, f"{status.st_ino:x}-{status.st_mtime_ns:x}-{status.st_size:x}")


def _folders(parent: Path, pattern: str) -> Iterator[str]:
    with suppress(OSError):
        yield from (entry.name for entry in parent.iterdir() if re.fullmatch(pattern, entry.name))


def _open(root: Path, *parts: str) -> BinaryIO | None:
    """Open a file below a folder. No part may be a symbolic link or lead upwards, whatever changes meanwhile."""
    if any(part in ("", ".", "..") or "/" in part or "\0" in part for part in parts):
        return None
    folder = None
    try:
        folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
        for part in parts[:-1]:
            inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = inner
        # Opening a named pipe would wait for a writer.
        descriptor = os.open(parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError:
        return None
    finally:
        if folder is not None:
            os.close(folder)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return None
    return os.fdopen(descriptor, "rb")
