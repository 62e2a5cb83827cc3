"""Writes one view for analysts as a file: `python -m fpl_pulse.cli.export player_matches --format parquet`.

The database is that of the Airflow connection `fpl_postgres`.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from fpl_pulse.cli.on_store import run_on_store
from fpl_pulse.cli.typed import typed
from fpl_pulse.errors import PackNotWrittenError, SelectionError
from fpl_pulse.etl.context import StepContext
from fpl_pulse.packs.export import Exported, Wanted, export
from fpl_pulse.packs.formats import WRITERS
from fpl_pulse.packs.snapshot import gameweek_number
from fpl_pulse.packs.views import VIEWS
from fpl_pulse.wording import quantity

STREAM = "-"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Returns:
        The exit status: 0 on success, 1 when the database or the file does not work, 2 when there is no such view,
        format, season, gameweek or player.
    """
    parser = argparse.ArgumentParser(prog="python -m fpl_pulse.cli.export", description=__doc__)
    parser.add_argument("view", nargs="?", default=typed("VIEW"), help=f"one of: {', '.join(VIEWS)}")
    parser.add_argument("--format", default=typed("FORMAT") or "csv", help=f"{', '.join(WRITERS)}; the default is csv")
    parser.add_argument("--season", default=typed("SEASON"), help="the default is the current one")
    parser.add_argument("--gameweek", default=typed("GW"), help="only rows of this gameweek")
    parser.add_argument("--player", default=typed("PLAYER"), help="only rows of this player: FPL's code, or a name")
    parser.add_argument(
        "--file", default=typed("FILE"), help=f"the default is VIEW.FORMAT in this folder; {STREAM} is the output"
    )
    options = parser.parse_args(arguments)
    return run_on_store("export", "view", lambda context: _export(context, options))


def _export(context: StepContext, options: argparse.Namespace) -> int:
    if options.view is None:
        raise SelectionError(f"Name a view, for example VIEW=player_matches. The views are: {', '.join(VIEWS)}.")
    wanted = Wanted(
        options.view,
        options.format,
        options.season,
        None if options.gameweek is None else gameweek_number(options.gameweek),
        options.player,
    )
    target = sys.stdout.buffer if options.file == STREAM else Path(options.file or f"{wanted.view}.{wanted.format}")
    try:
        exported = export(context.conn, wanted, target)
    except PackNotWrittenError as error:
        print(error, file=sys.stderr)
        return 1
    # The output may be the rows.
    print(*_lines(wanted, exported, target), sep="\n", file=sys.stderr if options.file == STREAM else sys.stdout)
    return 0


def _lines(wanted: Wanted, exported: Exported, target: object) -> Sequence[str]:
    where = target.absolute() if isinstance(target, Path) else "the output"
    lines = [
        f"Wrote {wanted.view} of season {exported.season}: {where}",
        f"  {quantity(exported.rows, 'row')}, {exported.bytes / 1e6:.1f} MB",
    ]
    if isinstance(target, Path):
        lines.append(f"  a query, with DuckDB installed: duckdb -c \"select * from '{where}' limit 10\"")  # noqa: S608 - printed
    return lines


if __name__ == "__main__":
    sys.exit(main())
