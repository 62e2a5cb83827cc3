"""What every step needs, imported once where task processes are forked from.

A task runs in a process forked from the scheduler (LocalExecutor) or from a Celery worker. Without this each task
spends more time on importing pandas and the providers than on its work: docs/adr/0007.
"""

from collections.abc import Sequence
from importlib import import_module

FORKING_COMMANDS = {"scheduler", "worker"}
"""`airflow scheduler` and `airflow celery worker`; the other processes never run a step."""

MODULES = (
    "airflow.providers.http.hooks.http",
    "airflow.providers.postgres.hooks.postgres",
    "pandas",
    "fpl_pulse.airflow.connections",
    "fpl_pulse.airflow.run_info",
    "fpl_pulse.etl.lineups",
    "fpl_pulse.etl.heatmaps",
    "fpl_pulse.etl.season_statistics",
    "fpl_pulse.etl.attributes",
    "fpl_pulse.etl.mappings",
)


def preload(arguments: Sequence[str]) -> bool:
    """Import the modules if this process is one that tasks are forked from.

    Args:
        arguments: the process's command line, as `sys.argv`.

    Returns:
        Whether they were imported.
    """
    if not FORKING_COMMANDS & set(arguments[1:3]):
        return False
    for name in MODULES:
        import_module(name)
    return True
