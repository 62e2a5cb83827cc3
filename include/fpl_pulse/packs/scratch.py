"""Temporary folders. A process that is killed leaves its own; the next write removes it.

A process holds a lock on each of its folders. The system releases it when the process ends, however it ends. So nobody
uses a folder without a lock, also if the processes are in several containers of one machine.
"""

import fcntl
import logging
import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from fpl_pulse.packs.disk import written_or_explained
from fpl_pulse.packs.settings import SCRATCH, scratch_folder

log = logging.getLogger(__name__)

ATTEMPTS = 20
LONGEST_USE_S = 24 * 3600
"""Where the file system has no locks, an older folder counts as left behind. A pack takes minutes."""

_OURS = re.compile(r"(pack|export)-[0-9a-f]{8}")


@contextmanager
def scratch(kind: str) -> Iterator[Path]:
    """An empty folder in the place for temporary files, which is removed at the end.

    Args:
        kind: what it is for, `pack` or `export`.

    Raises:
        PackNotWrittenError: the folder cannot be made, or what is written into it does not fit.
    """
    parent = scratch_folder()
    # A place for each user: in the system's folder, another user's cannot be written.
    place = parent / f".fpl-pulse-{os.getuid()}"
    with written_or_explained(f"the temporary folder {parent}", f"set {SCRATCH} to another folder"):
        try:
            with held(lambda: _own(place) / f"{kind}-{secrets.token_hex(4)}") as folder:
                remove_left(place, _OURS)
                yield folder
        finally:
            # Another process may have a folder there.
            with suppress(OSError):
                place.rmdir()


def _own(place: Path) -> Path:
    """Make the place if it is missing. Nobody else may have made it: who owns it can exchange what is in it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        place.mkdir(mode=0o700)
    found = place.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise PermissionError(f"{place} is no folder of this user")
    return place


@contextmanager
def held(name: Callable[[], Path]) -> Iterator[Path]:
    """An empty folder with a lock. At the end what has its name is removed: it may have been exchanged by a rename.

    Args:
        name: a path that no other process chooses; its parent exists.
    """
    path, descriptor = _made(name)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(descriptor)


def _made(name: Callable[[], Path]) -> tuple[Path, int]:
    for left in reversed(range(ATTEMPTS)):
        try:
            path = name()
            path.mkdir()
            descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        except FileNotFoundError:
            # Another process has just removed the place, or this folder before it had a lock.
            if not left:
                raise
            continue
        # Some file systems have no locks.
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        if _is_at(descriptor, path):
            return path, descriptor
        os.close(descriptor)
    raise FileNotFoundError(f"{path} was removed by another process {ATTEMPTS} times")


def _is_at(descriptor: int, path: Path) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    return False


def remove_left(parent: Path, ours: re.Pattern[str]) -> None:
    """Remove the folders that no process uses.

    Args:
        parent: where they are.
        ours: their names. Nothing else is touched.
    """
    for path in [one for one in parent.iterdir() if ours.fullmatch(one.name)]:
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:
            # It is gone by now, or is no folder of ours.
            continue
        try:
            if _is_left(descriptor):
                log.info("Removing %s, which a killed write has left", path)
                shutil.rmtree(path, ignore_errors=True)
        finally:
            os.close(descriptor)


def _is_left(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return time.time() - os.fstat(descriptor).st_mtime > LONGEST_USE_S
    return True
