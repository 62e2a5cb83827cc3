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
from fpl_pulse.errors import SelectionError
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.deciding import decide
from fpl_pulse.etl.mapping_report import mapping_report, review_lines
from fpl_pulse.store import decisions
from fpl_pulse.store.decisions import Decision, Kind, Verdict

VERDICTS = {
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
    for name, text in VERDICTS.items():
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
    """Store a decision and resolve the identities again.

    Raises:
        SelectionError: the decision is not possible.
    """
    kind: Kind = "team" if options.club else "player"
    sofasport, fpl = _require_possible(context, kind, options)
    verdict: Verdict = "link" if options.command == "accept" else options.command
    made_by = name_of(options)
    decision = Decision(kind, options.sofasport_id, options.fpl_code, verdict, made_by, options.because)
    decide(context, decision)
    holders = decisions.holders_of(context.conn, kind, options.fpl_code)
    linked = f"SofaSport {kind} {', '.join(map(str, holders))}" if holders else f"no SofaSport {kind}"
    print(f"Stored: {verdict} {sofasport} and {fpl}.")
    print(f"Identities resolved again: {fpl} is linked to {linked}.")
    if len(holders) > 1:
        print("These are several profiles. If one is another person, `reject` or `withdraw` that link.")


def _require_possible(context: StepContext, kind: Kind, options: argparse.Namespace) -> tuple[str, str]:
    """Require that both ids are stored, a withdrawn pair has a decision, and an accepted pair is in review.

    Returns:
        SofaSport's and FPL's side, each with name and id.

    Raises:
        SelectionError: the message says what is wrong and what to do.
    """
    pair = context.conn, kind, options.sofasport_id, options.fpl_code
    names = decisions.names_of(*pair)
    sofasport, fpl = f"{names[0]} ({options.sofasport_id})", f"{names[1]} ({options.fpl_code})"
    if options.command == "withdraw":
        if not decisions.is_decided(*pair):
            raise SelectionError(
                f"There is no decision about SofaSport {kind} {options.sofasport_id} and FPL code {options.fpl_code} to"
                " withdraw. Check both ids in pulse.mapping_decisions."
            )
        return sofasport, fpl
    if None in names:
        unknown = f"FPL {kind} code {options.fpl_code}" if names[0] else f"SofaSport {kind} {options.sofasport_id}"
        raise SelectionError(
            f"There is no {unknown} in the store. Give SofaSport's id first, then FPL's code (not the season's element"
            " id)."
        )
    if options.command != "accept":
        return sofasport, fpl
    if rejected := decisions.rejection(*pair):
        raise SelectionError(
            f"{sofasport} and {fpl} were rejected by {rejected}. Use `withdraw` to undo that, or `link` to link them."
        )
    waiting = decisions.in_review(context.conn, context.season(), kind, options.sofasport_id)
    if options.fpl_code not in waiting:
        proposed = ", ".join(map(str, waiting)) or "none"
        raise SelectionError(
            f"{sofasport} is not in review for {fpl}; the FPL codes in review are: {proposed}. Use `link` to link the"
            " two anyway."
        )
    return sofasport, fpl


if __name__ == "__main__":
    sys.exit(main())
