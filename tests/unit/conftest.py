"""Unit tests run without Airflow and without Postgres. A test that imports or starts either fails.

`make unit` (or any command that names only paths of this folder) enforces it from collection to the end. In a run of
all tests, other folders may have imported Airflow before, so only the start of a program is checked there.
"""

import sys
from pathlib import Path, PurePath

import pytest

from tests.conftest import selected_paths

UNIT = Path(__file__).resolve().parent
POSTGRES_PROGRAMS = {"initdb", "pg_ctl", "postgres"}


class Guard:
    """An audit hook. Python cannot remove one, so `is_active` switches it."""

    is_active = False

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        """Fail the test on the import of Airflow and on the start of Airflow or Postgres.

        Raises:
            pytest.fail.Exception: no `except Exception` of the tested code can hide it.
        """
        if not self.is_active:
            return
        if event == "import" and str(arguments[0]).partition(".")[0] == "airflow":
            pytest.fail("The test imports airflow. Move it to tests/dags, or do without the import.")
        if event == "subprocess.Popen":
            program, command = arguments[:2]
            words = [str(word) for word in command] if isinstance(command, list | tuple) else [str(command)]
            names = {PurePath(word).name for word in (str(program), words[0])}
            if names & POSTGRES_PROGRAMS:
                pytest.fail(f"The test starts Postgres ({words[0]}). Move it to tests/db or tests/local.")
            if "airflow" in names or words[1:3] == ["-m", "airflow"]:
                pytest.fail(f"The test starts Airflow ({' '.join(words[:4])}). Move it to tests/local.")


GUARD = Guard()
sys.addaudithook(GUARD)


def pytest_configure(config: pytest.Config) -> None:
    """Enable the guard for the whole session when only unit tests are selected."""
    GUARD.is_active = all(path.is_relative_to(UNIT) for path in selected_paths(config))


@pytest.fixture(autouse=True)
def _without_airflow_and_postgres(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enable the guard for one unit test."""
    monkeypatch.setattr(GUARD, "is_active", True)
