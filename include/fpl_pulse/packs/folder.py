"""Packs in a folder. A pack appears and is replaced by one rename, so nobody ever sees half of one."""

import ctypes
import ctypes.util
import errno
import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

from fpl_pulse.packs.disk import written_or_explained
from fpl_pulse.packs.manifest import MANIFEST, Manifest
from fpl_pulse.packs.place import Confirm, files_in, nothing
from fpl_pulse.packs.scratch import held, remove_left

BUILDING, REPLACED = "building", "replaced"
"""The ends of the names of hidden folders beside a pack. A killed write leaves them, and the next one removes them."""

SEASONS = "[0-9]*-[0-9]*"
_LEFT = re.compile(rf"\.gw[0-9]+\.[0-9a-f]{{8}}\.{BUILDING}")

_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


class Folder:
    """A folder with packs."""

    def __init__(self, root: Path) -> None:
        """Choose the folder; it is made by the first pack."""
        self._root = root.absolute()

    def address(self, pack: str) -> str:
        """The path of a pack."""
        return str(self._root / pack)

    @contextmanager
    def scratch(self, pack: str) -> Iterator[Path]:
        """An empty folder beside the pack, on the same disk."""
        target = self._root / pack
        with written_or_explained(str(target)):
            target.parent.mkdir(parents=True, exist_ok=True)
            _recover(target)
            for season in self._root.glob(SEASONS):
                if season.is_dir():
                    remove_left(season, _LEFT)
            with held(lambda: _hidden(target, f"{secrets.token_hex(4)}.{BUILDING}")) as building:
                yield building

    def manifest(self, pack: str) -> bytes | None:
        """The manifest of a stored pack."""
        with written_or_explained(self.address(pack)):
            try:
                return (self._root / pack / MANIFEST).read_bytes()
            except (FileNotFoundError, NotADirectoryError):
                return None

    def is_whole(self, pack: str) -> bool:
        """Whether every file is there and has its size, and nothing else is."""
        data = self.manifest(pack)
        manifest = Manifest.read(data, self.address(pack)) if data else None
        if manifest is None:
            return False
        target = self._root / pack
        expected = {file.path: file.bytes for file in manifest.files}
        found = {path.relative_to(target).as_posix(): path.stat().st_size for path in files_in(target)}
        found.pop(MANIFEST, None)
        return expected == found

    def publish(self, pack: str, built: Path, confirm: Confirm = nothing) -> None:
        """Write everything to the disk, then exchange the folders."""
        target = self._root / pack
        with written_or_explained(str(target)):
            for path in (*files_in(built), *_folders(built)):
                _sync(path)
            confirm()
            _put(built, target)
            _sync(target.parent)


def _put(built: Path, target: Path) -> None:
    """Move a folder to a name that may be taken; what was there is at the old name then, or gone."""
    if not target.exists():
        built.rename(target)
    elif not _exchange(built, target):
        # Between these two renames the pack of before is at its hidden name only. `_recover` brings it back.
        replaced = _hidden(target, REPLACED)
        target.rename(replaced)
        built.rename(target)
        shutil.rmtree(replaced, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two names in one step; False where the system has no such step (it is Linux's `renameat2`)."""
    library = ctypes.CDLL(ctypes.util.find_library("c"), use_errno=True)
    if not hasattr(library, "renameat2"):
        return False
    paths = os.fsencode(one), os.fsencode(other)
    if library.renameat2(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP):
        return False
    raise OSError(number, os.strerror(number), str(other))


def _recover(target: Path) -> None:
    """Bring back a pack whose replacement was interrupted, or remove it if the new one is there."""
    replaced = _hidden(target, REPLACED)
    if replaced.exists() and not target.exists():
        replaced.rename(target)
    shutil.rmtree(replaced, ignore_errors=True)


def _hidden(target: Path, end: str) -> Path:
    return target.with_name(f".{target.name}.{end}")


def _folders(root: Path) -> Iterator[Path]:
    yield from (path for path in root.rglob("*") if path.is_dir())
    yield root


def _sync(path: Path) -> None:
    """Wait until the disk has a file or the names in a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        # Some file systems refuse this for a folder.
        with suppress(OSError) if stat.S_ISDIR(os.fstat(descriptor).st_mode) else nullcontext():
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
