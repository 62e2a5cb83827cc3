"""The imports before a fork: complete, and only in processes from which Airflow forks."""

import ast
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
        # Only a command reads a register, and only commands and pages make decisions.
        "others = {'crosswalk', 'register', 'manual_decisions'}\n"
        "names = {path.stem for path in pathlib.Path('fpl_pulse/etl').glob('*.py')} - others\n"
        "for name in names: importlib.import_module(f'fpl_pulse.etl.{name}')\n"
        "import fpl_pulse.airflow.connections, fpl_pulse.airflow.steps\n"
        "assert len(names) > 15\n"
        "print(sorted(set(sys.modules) - before))\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=INCLUDE, check=True)
    assert result.stdout.splitlines()[-1] == "['fpl_pulse.etl.__init__']"
    assert len(MODULES) > 5


def late_imports() -> set[str]:
    """Modules of other packages that the product imports inside functions."""
    files = [path for folder in ("etl", "matching", "store") for path in (INCLUDE / "fpl_pulse" / folder).rglob("*.py")]
    functions = [
        node for path in files for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)
    ]
    found: set[str] = set()
    for node in (inner for function in functions for inner in ast.walk(function)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return {name for name in found if not name.startswith(("fpl_pulse", "alembic"))}


def test_a_forked_task_finds_what_steps_import_inside_functions() -> None:
    wanted = sorted(late_imports())
    assert {"pandas", "scipy.optimize"} <= set(wanted)
    code = (
        "import sys\n"
        "sys.argv = ['airflow', 'scheduler']\n"
        "import airflow_local_settings\n"
        f"print([name for name in {wanted!r} if name not in sys.modules])\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=INCLUDE, check=True)
    assert result.stdout.splitlines()[-1] == "[]"
