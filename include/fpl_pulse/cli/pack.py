"""Writes the pack of a gameweek: `python -m fpl_pulse.cli.pack --gameweek 7`.

The database is that of the Airflow connection `fpl_postgres`. The packs go to the folder or object store of the
environment variable FPL_PULSE_PACKS.
"""

import argparse
import sys
import time
from collections.abc import Sequence

from fpl_pulse.cli.on_store import run_on_store
from fpl_pulse.cli.typed import typed
from fpl_pulse.errors import PackNotWrittenError
from fpl_pulse.etl.context import StepContext
from fpl_pulse.packs.defects import DEFECTS
from fpl_pulse.packs.pack import DATABASE, Packed, write_pack
from fpl_pulse.packs.settings import is_address
from fpl_pulse.packs.snapshot import gameweek_number, running_pipelines
from fpl_pulse.wording import quantity

EXAMPLE = "select player, team, goals, points from fpl.player_seasons order by points desc limit 10"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Returns:
        The exit status: 0 on success, 1 when the database or the place of the packs does not work, 2 when there is no
        such gameweek.
    """
    parser = argparse.ArgumentParser(prog="python -m fpl_pulse.cli.pack", description=__doc__)
    parser.add_argument("--gameweek", default=typed("GW"), help="the default is the newest that has begun")
    parser.add_argument("--season", default=typed("SEASON"), help="for example 2025-26; the default is the current one")
    options = parser.parse_args(arguments)
    return run_on_store("pack", "write", lambda context: _write(context, options))


def _write(context: StepContext, options: argparse.Namespace) -> int:
    from fpl_pulse.airflow.packing import place_of_setting

    started = time.monotonic()
    gameweek = None if options.gameweek is None else gameweek_number(options.gameweek)
    if running := running_pipelines(context.conn):
        print(
            f"{', '.join(running)} is running. The pack has what is loaded now; write it again when the run is done.",
            file=sys.stderr,
        )
    try:
        packed = write_pack(context.conn, place_of_setting(), options.season, gameweek)
    except PackNotWrittenError as error:
        print(error, file=sys.stderr)
        return 1
    print(*_lines(packed, time.monotonic() - started), sep="\n")
    return 0


def _lines(packed: Packed, seconds: float) -> Sequence[str]:
    manifest = packed.manifest
    state = "Wrote" if packed.is_new else "Nothing has changed in"
    tables = quantity(sum(file.rows is not None for file in manifest.files), "table file")
    lines = [
        f"{state} the pack of gameweek {packed.gameweek}, season {packed.season}: {packed.address}",
        f"  data of {manifest.as_of_time:%Y-%m-%d %H:%M} UTC, {quantity(packed.rows, 'row')}, {tables},"
        f" {manifest.size / 1e6:.1f} MB, in {seconds:.0f} s",
        f"  what is missing or doubtful: {packed.address}/{DEFECTS}",
    ]
    if is_address(packed.address):
        return [*lines, f"  begin with: {packed.address}/latest.json, which names the files that count"]
    return [
        *lines,
        f"  for a spreadsheet: {packed.address}/gameweek/player_gameweeks.csv",
        "  a query, with DuckDB installed:",
        f"    duckdb -readonly '{packed.address}/{DATABASE}' \"{EXAMPLE}\"",
    ]


if __name__ == "__main__":
    sys.exit(main())
