"""What is imported before tasks are forked: all of it there, and only where it helps."""

import subprocess
import sys
from pathlib import Path

import pytest

from fpl_pulse.airflow.preload import MODULES, preload

INCLUDE = Path(__file__).resolve().parents[2] / "include"


@pytest.mark.parametrize(
    ("command", "forks"),
    [
        (["airflow", "scheduler", "--skip-serve-logs"], True),
        (["airflow", "celery", "worker"], True),
        (["airflow", "dag-processor"], False),
        (["airflow", "dags", "trigger", "scheduler"], False),
        (["airflow"], False),
    ],
)
def test_only_processes_that_fork_tasks_import_in_advance(command: list[str], *, forks: bool) -> None:
    assert preload(command) is forks


def test_a_step_finds_everything_heavy_already_imported() -> None:
    code = (
        "import sys\n"
        "sys.argv = ['airflow', 'scheduler']\n"
        "import airflow_local_settings\n"
        "before = set(sys.modules)\n"
        "from fpl_pulse.etl import attributes, events, heatmaps, lineups, mappings, reference, season_statistics\n"
        "import fpl_pulse.airflow.connections\n"
        "print(len(set(sys.modules) - before))\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=INCLUDE, check=True
    )
    assert result.stdout.split()[-1] == "0"
    assert len(MODULES) > 5
