"""The schema command: `python -m fpl_pulse.cli.schema upgrade|downgrade|current`.

The database is that of the Airflow connection `fpl_postgres`.
"""

import argparse
import sys

from fpl_pulse.cli.on_store import run_on_store
from fpl_pulse.store import schema


def main(arguments: list[str] | None = None) -> int:
    """Run the command. The exit status is 0 when the schema is at the requested revision, and 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m fpl_pulse.cli.schema", description=__doc__)
    parser.add_argument("step", choices=("upgrade", "downgrade", "current"))
    parser.add_argument("revision", nargs="?", help="Alembic revision; default of upgrade: the newest")
    options = parser.parse_args(arguments)
    if options.step == "downgrade" and options.revision is None:
        parser.error("downgrade needs a revision; 'base' drops every table and all data")
    # Alembic's own error is a traceback; connecting first gives one sentence.
    return run_on_store("schema", options.step, lambda _: _run(options.step, options.revision))


def _run(step: str, revision: str | None) -> int:
    from fpl_pulse.airflow.connections import store_address

    address = store_address()
    if step == "current":
        current = schema.current(address)
        print(f"The schema is at revision {current}; the newest is {schema.newest()}.")
        return 0 if current == schema.newest() else 1
    migrate = schema.upgrade if step == "upgrade" else schema.downgrade
    print(f"The schema is at revision {migrate(address, revision or 'head')}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
