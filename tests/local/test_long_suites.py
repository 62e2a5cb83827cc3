"""The long suites run only when the command line names them."""

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
FOLDERS = ("tests/long", "tests/db/convergence")
LONG = sorted(str(path.relative_to(PROJECT)) for folder in FOLDERS for path in (PROJECT / folder).rglob("test_*.py"))
OTHER_FOLDERS = [f"--ignore=tests/{name}" for name in ("unit", "dags", "replay")]
"""Not collected, to save time: these folders have no part in the selection of the long suites."""


def collected(*arguments: str) -> set[str]:
    """Return the test files that pytest collects for these arguments."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return {line.partition("::")[0] for line in done.stdout.splitlines() if "::" in line}


@pytest.mark.parametrize("arguments", [(), ("-m", "replay or e2e"), ("tests",)], ids=["none", "or", "tests"])
def test_no_marker_expression_and_no_parent_folder_selects_a_long_suite(arguments: tuple[str, ...]) -> None:
    files = collected(*OTHER_FOLDERS, *arguments)
    assert files
    assert not [file for file in files if file.startswith(FOLDERS)]


def test_each_long_suite_is_selected_by_its_path() -> None:
    assert len(LONG) > 15
    assert collected(*LONG) == set(LONG)


def test_one_test_of_a_long_suite_is_selected_by_its_id() -> None:
    test = "tests/long/test_mutants.py::test_the_test_of_a_mutant_fails"
    other = "tests/unit/test_week.py"
    assert collected(test, other) == {"tests/long/test_mutants.py", other}
