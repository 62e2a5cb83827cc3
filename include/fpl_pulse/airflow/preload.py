"""Imports slow modules once, in the processes from which Airflow forks: docs/adr/0007.

The DAG processor forks a process for every DAG file that it reads. The scheduler (LocalExecutor) and the Celery worker
fork a process for every task. Without this module each of them would import pandas and the providers again.
"""

from collections.abc import Sequence
from importlib import import_module

FORKING_COMMANDS = {"dag-processor", "scheduler", "worker"}
"""`airflow dag-processor`, `airflow scheduler` and `airflow celery worker`."""

MODULES = (
    "fpl_pulse.airflow.clears",
    "fpl_pulse.airflow.connections",
    "fpl_pulse.airflow.manual_update",
    "fpl_pulse.airflow.packing",
    "fpl_pulse.airflow.pipeline",
    "fpl_pulse.airflow.weekly",
    "fpl_pulse.etl.mapping_check",
    "fpl_pulse.etl.mapping_report",
    "fpl_pulse.etl.rebuild",
    "fpl_pulse.etl.snapshot",
    "pandas",
    "scipy.optimize",
    "scipy.sparse.csgraph",
)
"""What DAG files and tasks import. The rebuild imports the steps of all pipelines. pandas and SciPy are imported inside
functions elsewhere, because a DAG file read in a fresh interpreter does not need them."""


def preload(arguments: Sequence[str]) -> bool:
    """Import `MODULES` if Airflow forks from the process with this command line. Returns whether it did."""
    if FORKING_COMMANDS.isdisjoint(arguments[1:3]):
        return False
    for name in MODULES:
        import_module(name)
    return True
