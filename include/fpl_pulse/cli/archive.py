"""What the store says, as a digest, and every derived table built anew from the archive, on the command line.

`python -m fpl_pulse.cli.archive digest` prints the rows and the digest of each table; `rehearse` builds every
derived table anew, says what would differ and takes it back; `rebuild` keeps it. None of them makes a call. It works on
the database of the Airflow connection `fpl_postgres`.
"""

import argparse
import hashlib
import logging
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime

from airflow.sdk.exceptions import AirflowNotFoundException
from psycopg import OperationalError

from fpl_pulse.airflow.connections import POSTGRES, connect
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.rebuild import rebuild, report_lines
from fpl_pulse.store.digest import TableDigest, digest
from fpl_pulse.store.runs import Run

COMMANDS = {
    "digest": "rows and digest of every table that holds data",
    "rehearse": "build every derived table anew, say what would differ, and take it back",
    "rebuild": "build every derived table anew and keep it",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status is 0 when it did what was asked, 1 without a database."""
    parser = argparse.ArgumentParser(prog="python -m fpl_pulse.cli.archive", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in COMMANDS.items():
        commands.add_parser(name, help=text)
    command = parser.parse_args(arguments).command
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    for name in ("airflow", "fpl_pulse"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # The moments, one by one: a whole season takes minutes.
    logging.getLogger("fpl_pulse.etl.rebuild").setLevel(logging.INFO)
    try:
        with closing(connect()) as conn:
            if command == "digest":
                print(*digest_lines(digest(conn)), sep="\n")
                return 0
            now = datetime.now(UTC)
            context = StepContext(conn, {}, Run("archive", f"by_hand__{command}__{now.isoformat()}", now))
            print(*report_lines(rebuild(context, rehearse=command == "rehearse")), sep="\n")
            if command == "rehearse":
                print("A rehearsal: nothing was kept.")
    except (OperationalError, AirflowNotFoundException) as error:
        reason = " ".join(str(error).split())
        print(f"The database of the connection {POSTGRES} cannot be reached: {reason}", file=sys.stderr)
        return 1
    return 0


def digest_lines(found: dict[str, TableDigest]) -> list[str]:
    """The digest, a line a table, and one over all."""
    wide = max(map(len, found))
    lines = [f"{name:<{wide}}  {one.rows:>9,} rows  {one.content}" for name, one in found.items()]
    whole = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]
    rows = sum(one.rows for one in found.values())
    return [*lines, f"{'all':<{wide}}  {rows:>9,} rows  {whole}"]


if __name__ == "__main__":
    sys.exit(main())
