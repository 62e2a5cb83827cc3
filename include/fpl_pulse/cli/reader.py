"""Creates the role `pulse_reader`, or gives it a new password: `python -m fpl_pulse.cli.reader`.

The role can read the schemas `fpl` and `webapp`, and nothing else. FPL_PULSE_READER_PASSWORD is its password; without
it, one is generated and printed.
"""

import argparse
import os
import secrets
import sys

from psycopg import errors

from fpl_pulse.cli.on_store import run_on_store
from fpl_pulse.etl.context import StepContext
from fpl_pulse.store.readers import READER, create_reader
from fpl_pulse.store.views import SCHEMAS

PASSWORD = "FPL_PULSE_READER_PASSWORD"  # noqa: S105 - the name of a variable
MIN_PASSWORD_LENGTH = 12


def main(arguments: list[str] | None = None) -> int:
    """Run the command. The exit status is 0 when the role can log in."""
    argparse.ArgumentParser(prog="python -m fpl_pulse.cli.reader", description=__doc__).parse_args(arguments)
    given = os.environ.get(PASSWORD, "")
    if given and len(given) < MIN_PASSWORD_LENGTH:
        print(f"{PASSWORD} has fewer than {MIN_PASSWORD_LENGTH} characters. Set a longer one.", file=sys.stderr)
        return 2
    return run_on_store("reader", "create", lambda context: _create(context, given))


def _create(context: StepContext, given: str) -> int:
    password = given or secrets.token_urlsafe(24)
    try:
        is_new = create_reader(context.conn, password, SCHEMAS)
    except errors.InsufficientPrivilege:
        user = context.conn.info.user
        print(
            f"The database user {user} may not create roles. With compose, set {PASSWORD} in .env and run"
            " `docker compose up -d --wait`. Elsewhere let an administrator of the database run:"
            f" create role {READER} login password '...'; then `python -m fpl_pulse.cli.schema upgrade` lets it read.",
            file=sys.stderr,
        )
        return 1
    info = context.conn.info
    print(f"{'Created' if is_new else 'Changed the password of'} the database user {READER}.")
    print(f"It reads the schemas {' and '.join(SCHEMAS)}, and nothing else.")
    shown = "PASSWORD" if given else password
    print(f"Address: postgresql://{READER}:{shown}@{info.host}:{info.port}/{info.dbname}")
    if given:
        print(f"PASSWORD is the value of {PASSWORD}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
