"""Packs in an object store, which has no rename: the files of a pack are new objects, and one object says which count.

`gw07/<version>/…` are the files of a pack; the version is a hash of its manifest. `gw07/latest.json` names the version
that counts. It is written last, in one step. Readers begin with it.
"""

import hashlib
import json
import logging
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol, Self

from fpl_pulse.errors import FplPulseError, PackNotWrittenError
from fpl_pulse.packs.manifest import MANIFEST, Manifest
from fpl_pulse.packs.place import Confirm, files_in, nothing
from fpl_pulse.packs.scratch import scratch

log = logging.getLogger(__name__)

LATEST = "latest.json"
VERSION_CHARACTERS = 16
MAX_CHARACTERS = 200
"""Of the text of an error."""


class ObjectPath(Protocol):
    """What this module needs of a path in an object store, for example of Airflow's `ObjectStoragePath`."""

    def __truediv__(self, name: str) -> Self:
        """A path below."""

    def read_bytes(self) -> bytes:
        """The object."""

    def write_bytes(self, data: bytes) -> int:
        """Store the object in one step."""

    def iterdir(self) -> Iterator[Self]:
        """What is directly below."""

    def rglob(self, pattern: str) -> Iterator[Self]:
        """What is below."""

    def is_file(self) -> bool:
        """Whether it is an object."""

    def stat(self) -> Any:  # noqa: ANN401 - has the field st_size
        """The size of the object."""

    def unlink(self) -> None:
        """Remove the object."""

    @property
    def name(self) -> str:
        """The last part."""

    @property
    def path(self) -> str:
        """The path within the store."""

    @property
    def fs(self) -> Any:  # noqa: ANN401 - an fsspec file system
        """The store."""


class ObjectStore:
    """A place in an object store."""

    def __init__(self, root: ObjectPath, address: str) -> None:
        """Choose the place.

        Args:
            root: the path below which packs are.
            address: the same for people. Airflow's connection in it is a name, no secret.
        """
        self._root = root
        self._address = address.rstrip("/")

    def address(self, pack: str) -> str:
        """The address of a pack."""
        return f"{self._address}/{pack}"

    def scratch(self, pack: str) -> AbstractContextManager[Path]:  # noqa: ARG002 - a folder is beside its pack
        """An empty local folder."""
        return scratch("pack")

    def manifest(self, pack: str) -> bytes | None:
        """The manifest of the version that counts."""
        with self._stored(pack):
            version = self._latest(pack)
            return None if version is None else self._read(self._at(pack) / version / MANIFEST)

    def is_whole(self, pack: str) -> bool:
        """Whether every file of the version that counts is there."""
        data = self.manifest(pack)
        manifest = Manifest.read(data, self.address(pack)) if data else None
        if manifest is None or data is None:
            return False
        with self._stored(pack):
            folder = self._at(pack) / _version(data)
            return all(self._size(folder / file.path) == file.bytes for file in manifest.files)

    def publish(self, pack: str, built: Path, confirm: Confirm = nothing) -> None:
        """Store the files under a new version, then the object that names it, then remove other versions but one."""
        data = (built / MANIFEST).read_bytes()
        version = _version(data)
        with self._stored(pack):
            before = self._latest(pack)
            target = self._at(pack)
            for path in files_in(built):
                # The store's library derives the media type from the file's name, so that a browser shows index.html.
                self._root.fs.put_file(str(path), (target / version / path.relative_to(built).as_posix()).path)
            confirm()
            latest = {"version": version, "manifest": f"{version}/{MANIFEST}"}
            (target / LATEST).write_bytes((json.dumps(latest, indent=1) + "\n").encode())
        # Somebody may still read the version of before; older ones and those of interrupted writes go.
        self._remove_versions(pack, keep={version, before})

    def _remove_versions(self, pack: str, keep: set[str | None]) -> None:
        try:
            for folder in list(self._at(pack).iterdir()):
                if folder.name not in keep and folder.name != LATEST:
                    for one in [path for path in folder.rglob("*") if path.is_file()]:
                        one.unlink()
        except Exception as error:  # noqa: BLE001 - each kind of store has errors of its own
            log.warning(
                "The pack is at %s, but older versions could not be removed: %s",
                self.address(pack),
                without_secrets(str(error)),
            )

    def _latest(self, pack: str) -> str | None:
        data = self._read(self._at(pack) / LATEST)
        try:
            version = json.loads(data)["version"] if data else None
        except (ValueError, TypeError, KeyError):
            return None
        return version if isinstance(version, str) and version.isalnum() else None

    def _at(self, pack: str) -> ObjectPath:
        path = self._root
        for part in pack.split("/"):
            path = path / part
        return path

    @staticmethod
    def _size(path: ObjectPath) -> int | None:
        try:
            return int(path.stat().st_size)
        except FileNotFoundError:
            return None

    @staticmethod
    def _read(path: ObjectPath) -> bytes | None:
        try:
            return path.read_bytes()
        except (FileNotFoundError, IsADirectoryError):
            return None

    @contextmanager
    def _stored(self, pack: str) -> Iterator[None]:
        """Turn an error of the store into a sentence: each kind of store has a library with its own errors.

        Raises:
            PackNotWrittenError: the store was not reached, or refused.
        """
        try:
            # The library keeps lists of objects, which others may have changed since.
            self._root.fs.invalidate_cache()
            yield
        except FplPulseError:
            raise
        except Exception as error:
            raise PackNotWrittenError(
                f"The object store of {self.address(pack)} did not work ({type(error).__name__}:"
                f" {without_secrets(str(error))}); the pack of before still counts there",
                remedy="Make the object store reachable, or correct FPL_PULSE_PACKS and its Airflow connection",
            ) from error


def without_secrets(text: str) -> str:
    """The text of an error in one line, without what an address in it may hold: a login, or signed parameters."""
    plain = re.sub(r"(?<=://)[^\s/@]*@|\?\S+", "", " ".join(text.split()))
    return plain if len(plain) <= MAX_CHARACTERS else f"{plain[:MAX_CHARACTERS]}…"


def _version(manifest: bytes) -> str:
    return hashlib.sha256(manifest).hexdigest()[:VERSION_CHARACTERS]
