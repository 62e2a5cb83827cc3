"""The schema command: `python -m fpl_pulse.cli.schema upgrade|downgrade|current`.

The database is that of the Airflow connection `fpl_postgres`.
"""

import argparse
import sys

from fpl_pulse.errors import StoreUnavailableError
from fpl_pulse.store import schema


def main(arguments: list[str] | None = None) -> int:
    """Run the command. The exit status is 0 when the schema is at the requested revision, and 1 otherwise."""
    from fpl_pulse.airflow.connections import open_store, store_address

    parser = argparse.ArgumentParser(prog="python -m fpl_pulse.cli.schema", description=__doc__)
    parser.add_argument("step", choices=("upgrade", "downgrade", "current"))
    parser.add_argument("revision", nargs="?", help="Alembic revision; default of upgrade: the newest")
    options = parser.parse_args(arguments)
    if options.step == "downgrade" and options.revision is None:
        parser.error("downgrade needs a revision; 'base' drops every table and all data")
    try:
        # Alembic's own error is a traceback; connecting first gives one sentence.
        with open_store():
            address = store_address()
    except StoreUnavailableError as error:
        print(error, file=sys.stderr)
        return 1
    if options.step == "upgrade":
        print(f"The schema is at revision {schema.upgrade(address, options.revision or 'head')}.")
    elif options.step == "downgrade":
        print(f"The schema is at revision {schema.downgrade(address, options.revision)}.")
    else:
        current = schema.current(address)
        print(f"The schema is at revision {current}; the newest is {schema.newest()}.")
        return 0 if current == schema.newest() else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
