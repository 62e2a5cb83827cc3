"""The schema command: `python -m fpl_pulse.cli.schema upgrade|downgrade|current`.

It works on the database of the Airflow connection `fpl_postgres`.
"""

import argparse
import sys

from fpl_pulse.airflow.connections import store_address
from fpl_pulse.store import schema


def main(arguments: list[str] | None = None) -> int:
    """Run the command; the exit status is 0 when the database is where it was asked to be."""
    parser = argparse.ArgumentParser(prog="python -m fpl_pulse.cli.schema", description=__doc__)
    parser.add_argument("step", choices=("upgrade", "downgrade", "current"))
    parser.add_argument(
        "revision", nargs="?", help="Alembic revision; upgrade goes to the newest, downgrade needs one"
    )
    options = parser.parse_args(arguments)
    if options.step == "downgrade" and options.revision is None:
        parser.error("downgrade needs a revision; 'base' drops every table and all data")
    address = store_address()
    if options.step == "upgrade":
        print(f"The schema is at revision {schema.upgrade(address, options.revision or 'head')}.")
    elif options.step == "downgrade":
        print(f"The schema is at revision {schema.downgrade(address, options.revision)}.")
    else:
        at = schema.current(address)
        print(f"The schema is at revision {at}; the newest is {schema.newest()}.")
        return 0 if at == schema.newest() else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
