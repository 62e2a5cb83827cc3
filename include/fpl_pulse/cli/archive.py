"""Commands on the archive: print the digest of the tables, or rebuild all derived tables from the archive.

`python -m fpl_pulse.cli.archive digest` prints the row count and the digest of each table. `digest --season 2025-26`
covers only the rows of that season, which takes seconds however many seasons are stored. `rehearse` rebuilds every
derived table, prints what would change, and rolls back. `rebuild` keeps the result. No command makes an API call. The
database is that of the Airflow connection `fpl_postgres`.
"""

import argparse
import hashlib
import logging
import sys
from collections.abc import Sequence

from fpl_pulse.cli.on_store import run_on_store
from fpl_pulse.errors import SelectionError
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
    parsers = {name: commands.add_parser(name, help=text) for name, text in COMMANDS.items()}
    parsers["digest"].add_argument(
        "--season", metavar="2025-26", help="only the rows of one season; all stored data when it is omitted"
    )
    parsed = parser.parse_args(arguments)
    season = getattr(parsed, "season", None)
    return run_on_store("archive", parsed.command, lambda context: _run(context, parsed.command, season))


def _run(context: StepContext, command: str, season: str | None) -> None:
    if command == "digest":
        if season is not None:
            _require_stored(context, season)
        print(*digest_lines(digest(context.conn, season)), sep="\n")
        return
    # Show progress: a whole season takes minutes.
    logging.getLogger("fpl_pulse.etl.rebuild").setLevel(logging.INFO)
    print(*report_lines(rebuild(context, rehearse=command == "rehearse")), sep="\n")
    if command == "rehearse":
        print("Rehearsal: all changes were rolled back.")


def _require_stored(context: StepContext, season: str) -> None:
    """Refuse a season without data: the digest of nothing would pass for a result.

    Raises:
        SelectionError: naming the seasons that are stored.
    """
    rows = context.conn.execute("select season from pulse.fpl_seasons order by season").fetchall()
    stored = [found for (found,) in rows]
    if season not in stored:
        known = ", ".join(stored) or "none; run update_fixture_mappings first"
        raise SelectionError(f"Season {season} is not in the store. Choose a stored season: {known}")


def digest_lines(digests: dict[str, TableDigest]) -> list[str]:
    """One line per table, and a last one for all tables."""
    width = max(map(len, digests))
    lines = [f"{name:<{width}}  {one.rows:>9,} rows  {one.content}" for name, one in digests.items()]
    total = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]
    rows = sum(one.rows for one in digests.values())
    return [*lines, f"{'all':<{width}}  {rows:>9,} rows  {total}"]


if __name__ == "__main__":
    sys.exit(main())
