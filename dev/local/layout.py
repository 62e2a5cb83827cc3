"""Where the local stack keeps its things."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]

IMPORT_PATH = f"{PROJECT / 'include'}{os.pathsep}{PROJECT}"
"""PYTHONPATH of a process that uses `dev`, such as the sandbox. Airflow gets only `include/`, as in the image."""


@dataclass(frozen=True)
class Layout:
    """The project's folders, and the folder of the local stack's state."""

    project: Path = PROJECT
    state: Path = PROJECT / ".local"

    @property
    def airflow_home(self) -> Path:
        """Airflow's own folder: its configuration and the logs of tasks."""
        return self.state / "airflow"

    @property
    def postgres(self) -> Path:
        """The folder of the embedded Postgres."""
        return self.state / "postgres"

    @property
    def logs(self) -> Path:
        """What each process of the stack printed."""
        return self.state / "logs"

    @property
    def secrets(self) -> Path:
        """Random secrets of this installation, one file each, mode 600."""
        return self.state / "secrets"

    @property
    def record(self) -> Path:
        """Which processes of the stack run."""
        return self.state / "running.json"

    def make(self) -> None:
        """Make the folders. Only `postgres/` may be passed through by others, for the server's own user."""
        self.state.mkdir(parents=True, exist_ok=True, mode=0o711)
        for folder in (self.airflow_home, self.logs, self.secrets):
            folder.mkdir(exist_ok=True, mode=0o700)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, at once or not at all."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    draft.replace(path)


def kept_secret(path: Path, length_bytes: int = 32) -> str:
    """The random secret in a file; made on the first call. URL-safe text."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(path, secrets.token_urlsafe(length_bytes))
    return path.read_text().strip()
