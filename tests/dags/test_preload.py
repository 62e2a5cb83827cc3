"""The imports before a fork: complete, and only in processes from which Airflow forks."""

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
        (["airflow", "dag-processor"], True),
        (["airflow", "triggerer"], False),
        (["airflow", "dags", "trigger", "scheduler"], False),
        (["airflow"], False),
    ],
)
def test_only_processes_that_fork_preload(command: list[str], *, forks: bool) -> None:
    assert preload(command) is forks


@pytest.mark.parametrize("command", ["scheduler", "dag-processor"])
def test_a_step_finds_every_module_imported(command: str) -> None:
    code = (
        "import sys\n"
        f"sys.argv = ['airflow', {command!r}]\n"
        "import airflow_local_settings\n"
        "before = set(sys.modules)\n"
        "import importlib, pathlib\n"
        "names = [path.stem for path in pathlib.Path('fpl_pulse/etl').glob('*.py')]\n"
        "for name in names: importlib.import_module(f'fpl_pulse.etl.{name}')\n"
        "import fpl_pulse.airflow.connections, fpl_pulse.airflow.steps\n"
        "assert len(names) > 15\n"
        "print(sorted(set(sys.modules) - before))\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=INCLUDE, check=True)
    assert result.stdout.splitlines()[-1] == "['fpl_pulse.etl.__init__']"
    assert len(MODULES) > 5
