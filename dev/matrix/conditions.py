"""Who runs a case, where, and with which environment."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dev.local.layout import PROJECT

ORDINARY_USER = "nobody"
_OF_OTHERS = ("AIRFLOW", "FPL_PULSE", "MAKE", "MFLAGS", "PYTHON", "PYTEST", "VIRTUAL_ENV")
"""Beginnings of variables that belong to `make matrix` itself, or to another Airflow."""
_OF_A_HOME = ("HOME", "USER", "LOGNAME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")
_GENERATED = shutil.ignore_patterns(
    ".git", ".venv", ".local", ".env", "*.dump", "__pycache__", ".*_cache", ".hypothesis", ".coverage*"
)


@dataclass(frozen=True)
class User:
    """An ordinary user as whom root runs a case."""

    name: str
    uid: int
    gid: int

    @classmethod
    def find(cls) -> "User | None":
        """The ordinary user for root; None for others, who are ordinary users themselves."""
        if os.geteuid() != 0:
            return None
        entry = pwd.getpwnam(ORDINARY_USER)
        return cls(entry.pw_name, entry.pw_uid, entry.pw_gid)

    @property
    def run_options(self) -> Mapping[str, Any]:
        """Options of `subprocess` that run the child as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_run(self, program: Path) -> bool:
        """Whether this user reaches a program. An interpreter in the home of root is out of reach for others."""
        try:
            done = subprocess.run([str(program), "-c", ""], cwd="/", check=False, env={}, **self.run_options)
        except PermissionError:
            return False
        return done.returncode == 0


@dataclass(frozen=True)
class Conditions:
    """One way to run the project."""

    name: str
    folder_name: str
    has_home: bool
    user: User | None
    """The user as whom the case runs; None for the user of `make matrix`."""

    def environment(self, inherited: Mapping[str, str]) -> dict[str, str]:
        """The environment of a new user: proxies and the package index stay, what belongs to others goes."""
        kept = {name: value for name, value in inherited.items() if not name.startswith(_OF_OTHERS)}
        return kept if self.has_home else {name: value for name, value in kept.items() if name not in _OF_A_HOME}

    def copy_project(self, parent: Path) -> Path:
        """Copy the project's files, without what was generated, and give them to the user of the case."""
        folder = parent / self.folder_name
        shutil.copytree(PROJECT, folder, ignore=_GENERATED, symlinks=True)
        if self.user is not None:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, self.user.uid, self.user.gid, follow_symlinks=False)
        return folder

    @property
    def run_options(self) -> Mapping[str, Any]:
        """Options of `subprocess` for a command of the case."""
        return {} if self.user is None else self.user.run_options


def usual() -> Conditions:
    """As the user of `make matrix`, in a plain path."""
    who = "as root" if os.geteuid() == 0 else "as you"
    return Conditions(f"{who}, in a plain path", "fpl-pulse", has_home=True, user=None)


def strict(user: User | None) -> Conditions:
    """As an ordinary user where possible, in a path with spaces and umlauts, without HOME."""
    who = f"as {user.name}" if user is not None else "as root" if os.geteuid() == 0 else "as you (not root)"
    return Conditions(
        f"{who}, in a path with spaces and umlauts, without HOME", "Fußball für Ängstliche", has_home=False, user=user
    )
