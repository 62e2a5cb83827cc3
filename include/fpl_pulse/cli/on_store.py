"""Runs a command on the store. The database is that of the Airflow connection `fpl_postgres`."""

import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime

from fpl_pulse.errors import SelectionError, StoreUnavailableError
from fpl_pulse.etl.context import StepContext
from fpl_pulse.store.runs import Run


def run_on_store(program: str, command: str, work: Callable[[StepContext], int | None]) -> int:
    """Run a command with a context that has no APIs: a command makes no call.

    Returns:
        The exit status: that of `work` or 0; 1 when the database cannot be reached, 2 when a choice is not possible.
    """
    from fpl_pulse.airflow.connections import open_store

    # The output is that of the command, without the steps' log lines.
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    for name in ("airflow", "alembic", "fpl_pulse"):
        logging.getLogger(name).setLevel(logging.WARNING)
    now = datetime.now(UTC)
    try:
        with open_store() as conn:
            return work(StepContext(conn, {}, Run(program, f"manual__{command}__{now.isoformat()}", now))) or 0
    except (SelectionError, StoreUnavailableError) as error:
        print(error, file=sys.stderr)
        return 2 if isinstance(error, SelectionError) else 1
