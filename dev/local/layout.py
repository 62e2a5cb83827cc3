"""The folders and files of the local stack."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]

IMPORT_PATH = f"{PROJECT / 'include'}{os.pathsep}{PROJECT}"
"""PYTHONPATH of a process that uses `dev`, such as the sandbox. Airflow gets only `include/`, as in the image."""


@dataclass(frozen=True)
class Layout:
    """The project's folder, and the folder with the local stack's state."""

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
        """The output of each process of the stack."""
        return self.state / "logs"

    @property
    def secrets(self) -> Path:
        """Random secrets of this installation, one file each, mode 600."""
        return self.state / "secrets"

    @property
    def packs(self) -> Path:
        """Where packs go without a setting: `packs/` in the project, or in the state's folder if that is elsewhere."""
        return (self.project if self.state == self.project / ".local" else self.state) / "packs"

    @property
    def record(self) -> Path:
        """The list of the stack's processes (stack_record.py)."""
        return self.state / "running.json"

    def make(self) -> None:
        """Create the folders. Other users may pass through `state` only, since Postgres may run as another user."""
        self.state.mkdir(parents=True, exist_ok=True, mode=0o711)
        for folder in (self.airflow_home, self.logs, self.secrets):
            folder.mkdir(exist_ok=True, mode=0o700)


def write_private(path: Path, text: str) -> None:
    """Write a file atomically, readable by its owner only."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    draft.replace(path)


def stored_secret(path: Path, length_bytes: int = 32) -> str:
    """The random secret in a file, as URL-safe text. The first call creates the file."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(path, secrets.token_urlsafe(length_bytes))
    return path.read_text().strip()
