"""DAG files stay cheap to read: docs/adr/0007."""

import subprocess
import sys
from pathlib import Path

import pytest

DAGS = sorted((Path(__file__).resolve().parents[2] / "dags").glob("*.py"))

IMPORTS_OF_AN_EMPTY_DAG_FILE = (
    "import sys, time, runpy\n"
    "import airflow.sdk\n"
    "import airflow.providers.standard.operators.python\n"
    "import airflow.providers.standard.operators.trigger_dagrun\n"
    "import airflow.providers.standard.sensors.external_task\n"
)
SLOW = (
    "duckdb",
    "requests",
    "pandas",
    "numpy",
    "scipy",
    "apprise",
    "airflow.providers.http",
    "airflow.providers.postgres",
)
"""Modules that tasks need and that parsing does not."""


def run(code: str, *arguments: str) -> str:
    result = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr[-500:]
    return result.stdout.split()[-1]


def test_a_preloaded_process_reads_the_dag_files_without_further_imports() -> None:
    code = (
        "from fpl_pulse.airflow.preload import preload\n"
        "assert preload(['airflow', 'dag-processor'])\n"
        "import sys, time, runpy\n"
        "before = set(sys.modules)\n"
        "started = time.process_time()\n"
        "for name in sys.argv[1:]: runpy.run_path(name)\n"
        "seconds = time.process_time() - started\n"
        # Airflow loads the timetables itself.
        "own = {name for name in set(sys.modules) - before if not name.startswith('airflow.timetables')}\n"
        "assert not own, own\n"
        "print(seconds)\n"
    )
    seconds = float(run(code, *map(str, DAGS)))
    assert seconds / len(DAGS) < 0.25


@pytest.mark.parametrize("path", DAGS, ids=lambda path: path.stem)
def test_a_dag_file_imports_no_http_client_and_takes_less_than_airflow_itself(path: Path) -> None:
    code = (
        IMPORTS_OF_AN_EMPTY_DAG_FILE + "before = set(sys.modules)\n"
        "airflow_seconds = time.process_time()\n"
        "runpy.run_path(sys.argv[1])\n"
        "seconds = time.process_time() - airflow_seconds\n"
        f"slow = {SLOW!r}\n"
        "found = sorted(name for name in set(sys.modules) - before if name.startswith(slow))\n"
        "assert not found, found\n"
        "print(seconds / airflow_seconds)\n"
    )
    assert float(run(code, str(path))) < 1
