"""The mapping report, and manual decisions about links.

`python -m fpl_pulse.cli.mappings report` prints the mapping report; `review` prints the pairs that wait for a manual
decision. `accept`, `reject`, `link` and `withdraw` store a decision about one pair and resolve the identities again at
once, without a call. The database is that of the Airflow connection `fpl_postgres`.
"""

import argparse
import sys
from collections.abc import Sequence

from fpl_pulse.cli.on_store import run_on_store
from fpl_pulse.cli.signature import add_options, name_of
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.manual_decisions import Action, RequestedDecision, decide_manually
from fpl_pulse.etl.mapping_report import mapping_report, review_lines
from fpl_pulse.store.decisions import Kind

ACTIONS: dict[Action, str] = {
    "accept": "link a pair that is in review",
    "reject": "decide that a pair is not one person or club",
    "link": "link any pair, in review or not",
    "withdraw": "withdraw the decisions about a pair, so that the evidence decides again",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Returns:
        The exit status: 0 on success, 1 when the database cannot be reached, 2 when the decision is not possible.
    """
    options = _parser().parse_args(arguments)
    return run_on_store("mappings", options.command, lambda context: _run(context, options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m fpl_pulse.cli.mappings", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser(
        "report", help="print for each club how many players are linked, in review and without counterpart"
    )
    commands.add_parser("review", help="print the pairs that wait for a manual decision")
    for name, text in ACTIONS.items():
        command = commands.add_parser(name, help=text)
        command.add_argument("sofasport_id", type=_id, help="SofaSport's player id (or team id)")
        command.add_argument("fpl_code", type=_id, help="FPL's code of the player (or club), not the season's id")
        add_options(command)
        command.add_argument("--club", action="store_true", help="the ids are those of clubs")
    return parser


def _id(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 0 < int(text) < 2**31:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not an id: give a whole number above 0")
    return int(text)


def _run(context: StepContext, options: argparse.Namespace) -> None:
    if options.command == "report":
        print(*mapping_report(context), sep="\n")
    elif options.command == "review":
        print(*review_lines(context), sep="\n")
    else:
        _decide(context, options)


def _decide(context: StepContext, options: argparse.Namespace) -> None:
    """Store a decision, resolve the identities again, and print the result.

    Raises:
        SelectionError: the decision is not possible.
    """
    kind: Kind = "team" if options.club else "player"
    wanted = RequestedDecision(
        options.command, kind, options.sofasport_id, options.fpl_code, name_of(options), options.because
    )
    made = decide_manually(context, wanted)
    linked = f"SofaSport {kind} {', '.join(map(str, made.holders))}" if made.holders else f"no SofaSport {kind}"
    print(f"Stored: {wanted.verdict} {made.sofasport} and {made.fpl}.")
    print(f"Identities resolved again: {made.fpl} is linked to {linked}.")
    if len(made.holders) > 1:
        print("These are several profiles. If one is another person, `reject` or `withdraw` that link.")


if __name__ == "__main__":
    sys.exit(main())
