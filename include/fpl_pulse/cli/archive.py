"""Commands on the archive: print the digest of the tables, or rebuild all derived tables from the archive.

`python -m fpl_pulse.cli.archive digest` prints the row count and the digest of each table. `rehearse` rebuilds every
derived table, prints what would change, and rolls back. `rebuild` keeps the result. No command makes an API call. The
database is that of the Airflow connection `fpl_postgres`.
"""

import argparse
import hashlib
import logging
import sys
from collections.abc import Sequence

from fpl_pulse.cli.on_store import run_on_store
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.rebuild import rebuild, report_lines
from fpl_pulse.store.digest import TableDigest, digest

COMMANDS = {
    "digest": "print the row count and the digest of every data table",
    "rehearse": "rebuild every derived table, print what would change, and roll back",
    "rebuild": "rebuild every derived table and keep the result",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command. The exit status is 0 on success and 1 without a database."""
    parser = argparse.ArgumentParser(prog="python -m fpl_pulse.cli.archive", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in COMMANDS.items():
        commands.add_parser(name, help=text)
    command = parser.parse_args(arguments).command
    return run_on_store("archive", command, lambda context: _run(context, command))


def _run(context: StepContext, command: str) -> None:
    if command == "digest":
        print(*digest_lines(digest(context.conn)), sep="\n")
        return
    # Show progress: a whole season takes minutes.
    logging.getLogger("fpl_pulse.etl.rebuild").setLevel(logging.INFO)
    print(*report_lines(rebuild(context, rehearse=command == "rehearse")), sep="\n")
    if command == "rehearse":
        print("Rehearsal: all changes were rolled back.")


def digest_lines(digests: dict[str, TableDigest]) -> list[str]:
    """One line per table, and a last one for all tables."""
    width = max(map(len, digests))
    lines = [f"{name:<{width}}  {one.rows:>9,} rows  {one.content}" for name, one in digests.items()]
    total = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]
    rows = sum(one.rows for one in digests.values())
    return [*lines, f"{'all':<{width}}  {rows:>9,} rows  {total}"]


if __name__ == "__main__":
    sys.exit(main())
