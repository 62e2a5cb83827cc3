"""Where packs are stored: a folder, or an object store."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

Confirm = Callable[[], None]


def nothing() -> None:
    """Confirm without a condition."""


class Place(Protocol):
    """A place for packs. A pack is `<season>/gw07`."""

    def scratch(self, pack: str) -> AbstractContextManager[Path]:
        """An empty local folder in which a pack is built; removed at the end, unless it was published.

        Raises:
            PackNotWrittenError: the folder cannot be made, or what is written into it does not fit.
        """

    def manifest(self, pack: str) -> bytes | None:
        """The manifest of a stored pack; None when there is none.

        Raises:
            PackNotWrittenError: the place cannot be read.
        """

    def is_whole(self, pack: str) -> bool:
        """Whether every file of the stored pack is there and has the size that its manifest says."""

    def publish(self, pack: str, built: Path, confirm: Confirm = nothing) -> None:
        """Replace the stored pack by the one in a folder of `scratch`: whole, or not at all.

        Args:
            pack: its name.
            built: the folder.
            confirm: called when everything is there and nothing of it counts yet; an error of it ends the write.

        Raises:
            PackNotWrittenError: it was not stored; a pack of before is still there.
        """

    def address(self, pack: str) -> str:
        """Where the pack is, for people."""


def pack_name(season: str, gameweek: int) -> str:
    """A pack's folder in its place: `2025-26/gw07`."""
    return f"{season}/gw{gameweek:02d}"


def files_in(folder: Path) -> Iterator[Path]:
    """The files of a built pack, sorted by path."""
    yield from sorted(path for path in folder.rglob("*") if path.is_file())
