"""A copy of what Airflow reads of the project, in which the week was changed, as an engineer changes it."""

import shutil
from collections.abc import Mapping
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def copy_with_week(folder: Path, changes: Mapping[str, str]) -> Path:
    """Copy `include/`, `dags/` and `plugins/` to a folder, and replace texts in the copy's `week.py`.

    Each text must occur once. Returns the folder.
    """
    for name in ("include", "dags", "plugins"):
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    week = folder / "include" / "fpl_pulse" / "week.py"
    text = week.read_text()
    for old, new in changes.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    week.write_text(text)
    return folder
