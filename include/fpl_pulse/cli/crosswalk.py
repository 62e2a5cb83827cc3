"""Reads a public register of people: `python -m fpl_pulse.cli.crosswalk people.csv`, or `-` for the standard input.

It stores the ids of FPL's players at other providers (`fpl.external_ids`) and prints where the register and our links
disagree, with the commands that would decide it. The register changes no link, and nothing fetches it. The database is
that of the Airflow connection `fpl_postgres`.
"""

import argparse
import sys
from collections.abc import Sequence

from fpl_pulse.cli.on_store import run_on_store
from fpl_pulse.cli.typed import typed
from fpl_pulse.errors import SelectionError
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.crosswalk import read_people, report_lines
from fpl_pulse.etl.register import printable

DISAGREES = 3
"""The exit status when the register and our links disagree. The ids are stored all the same."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Returns:
        The exit status: 0 when the register and our links do not disagree, 3 when they do, 1 when the database cannot
        be reached, 2 when the file is no register; then nothing was changed.
    """
    parser = argparse.ArgumentParser(prog="python -m fpl_pulse.cli.crosswalk", description=__doc__)
    parser.add_argument(
        "file", nargs="?", default=typed("FILE"), help="people.csv of the register; - reads the standard input"
    )
    parser.add_argument(
        "--accept-smaller",
        action="store_true",
        help="read also a file that looks cut off, or lacks more than a tenth of what is stored",
    )
    options = parser.parse_args(arguments)
    return run_on_store("crosswalk", "read", lambda context: _read(context, options))


def _read(context: StepContext, options: argparse.Namespace) -> int:
    if not options.file:
        raise SelectionError("Name the file of the register, for example FILE=people.csv. Nothing was changed.")
    result = read_people(context, options.file, accept_smaller=options.accept_smaller or _is_accepted())
    print(*report_lines(result), sep="\n")
    return DISAGREES if result.comparison.disagreements else 0


def _is_accepted() -> bool:
    """Whether somebody has typed ACCEPT_SMALLER=yes.

    Raises:
        SelectionError: the value is another one.
    """
    value = (typed("ACCEPT_SMALLER") or "no").lower()
    if value not in ("yes", "no"):
        raise SelectionError(f"ACCEPT_SMALLER is {printable(value)!r}. Write yes or no. Nothing was changed.")
    return value == "yes"


if __name__ == "__main__":
    sys.exit(main())
