"""The error messages of the command line."""

import errno
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest

from dev.local import __main__
from dev.local.commands import STATE_FOLDER, Commands
from dev.local.errors import LocalStackError


class Usage(NamedTuple):
    """The result of `shutil.disk_usage`."""

    total: int
    used: int
    free: int


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(STATE_FOLDER, str(tmp_path))


def fail_demo_with(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(_self: Commands) -> int:
        raise error

    monkeypatch.setattr(Commands, "demo", fail)


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "No space left on device"), psycopg.OperationalError("x: No space left on device")]
)
def test_a_full_disk_is_reported(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception
) -> None:
    fail_demo_with(monkeypatch, error)
    assert __main__.main(["demo"]) == 1
    assert capsys.readouterr().err.startswith("The disk is full: cannot write to ")


def test_a_full_disk_behind_another_error_is_reported(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fail_demo_with(monkeypatch, LocalStackError("Airflow responded to GET x with HTTP 500"))
    assert __main__.main(["demo"]) == 1
    assert capsys.readouterr().err == "Airflow responded to GET x with HTTP 500\n"
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: Usage(100, 99, 1))
    assert __main__.main(["demo"]) == 1
    assert capsys.readouterr().err.startswith("The disk is full")


def test_another_error_of_the_machine_is_reported_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fail_demo_with(monkeypatch, PermissionError(errno.EACCES, "Permission denied", "/x"))
    assert __main__.main(["demo"]) == 1
    assert "Permission denied: '/x'. Its state is in" in capsys.readouterr().err
