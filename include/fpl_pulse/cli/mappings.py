"""Who is who on the command line: the mapping report, and a person's decisions.

`python -m fpl_pulse.cli.mappings report` prints who is linked, in review and without counterpart;
`review`, who waits for a decision; `accept`, `reject`, `link` and `withdraw` decide about one pair and match anew at
once, without a call. It works on the database of the Airflow connection `fpl_postgres`.
"""

import argparse
import getpass
import logging
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from psycopg import Connection

from fpl_pulse.errors import SelectionError, StoreUnavailableError
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.mapping_report import mapping_report, review_lines
from fpl_pulse.etl.mappings import load_mappings, resolve_identities
from fpl_pulse.store import decisions
from fpl_pulse.store.decisions import Decision, Kind
from fpl_pulse.store.runs import Run

VERDICTS = {
    "accept": "say that a pair in review is one and the same",
    "reject": "say that a pair is not one and the same",
    "link": "link any pair, in review or not",
    "withdraw": "take back what was decided about a pair; the evidence decides again",
}
LONGEST_TEXT = 500
BECAUSE = "FPL_PULSE_BECAUSE"
"""Where `make mappings` puts the reason, so that no shell reads it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status is 0 when it did what was asked, 2 when that cannot be, 1 without a database."""
    from fpl_pulse.airflow.connections import open_store

    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING)
    # What is printed is the answer; remarks on how it was found are not.
    for name in ("airflow", "fpl_pulse"):
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        with open_store() as conn:
            _run(conn, options)
    except SelectionError as error:
        print(error, file=sys.stderr)
        return 2
    except StoreUnavailableError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m fpl_pulse.cli.mappings", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("report", help="who is linked, in review and without counterpart, club by club")
    commands.add_parser("review", help="who waits for a decision")
    for name, text in VERDICTS.items():
        command = commands.add_parser(name, help=text)
        command.add_argument("sofasport_id", type=_id, help="SofaSport's player id (or team id)")
        command.add_argument(
            "fpl_code", type=_id, help="FPL's code of the player (or club), which is for life"
        )
        command.add_argument(
            "--because",
            type=_text,
            default=os.environ.get(BECAUSE) or None,
            required=not os.environ.get(BECAUSE),
            help=f"the reason, for whoever comes after you; or in the environment as {BECAUSE}",
        )
        command.add_argument("--by", type=_text, default=None, help="your name; your login when left out")
        command.add_argument("--club", action="store_true", help="the ids are those of a club")
    return parser


def _id(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 0 < int(text) < 2**31:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is no id: give a whole number above 0")
    return int(text)


def _text(text: str) -> str:
    plain = " ".join(text.replace("\0", "").split())
    if not plain or len(plain) > LONGEST_TEXT:
        raise argparse.ArgumentTypeError(f"give a text of 1 to {LONGEST_TEXT} characters")
    return plain


def _run(conn: Connection[Any], options: argparse.Namespace) -> None:
    context = _work(conn, options.command)
    if options.command == "report":
        print(*mapping_report(context), sep="\n")
    elif options.command == "review":
        print(*review_lines(context), sep="\n")
    else:
        _decide(context, options)


def _work(conn: Connection[Any], command: str) -> StepContext:
    """The tools of a step without APIs: whatever is done here makes no call."""
    now = datetime.now(UTC)
    return StepContext(conn, {}, Run("mappings", f"by_hand__{command}__{now.isoformat()}", now))


def _decide(context: StepContext, options: argparse.Namespace) -> None:
    """Store a decision and match anew.

    Raises:
        SelectionError: when the pair cannot be decided about.
    """
    kind: Kind = "team" if options.club else "player"
    ours, theirs = decisions.names_of(context.conn, kind, options.sofasport_id, options.fpl_code)
    is_withdrawn = options.command == "withdraw"
    if is_withdrawn and not decisions.is_decided(context.conn, kind, options.sofasport_id, options.fpl_code):
        raise SelectionError(
            f"Nobody has decided about {kind} {options.sofasport_id} and code {options.fpl_code}: there is nothing to"
            " take back."
        )
    if (ours is None or theirs is None) and not is_withdrawn:
        side = (
            f"SofaSport {kind} {options.sofasport_id}"
            if ours is None
            else f"FPL {kind} code {options.fpl_code}"
        )
        raise SelectionError(
            f"There is no {side} in the store. Give SofaSport's id first, then FPL's code"
            " (not the season's element id)."
        )
    if options.command == "accept":
        _require_review(
            context, kind, f"{ours} ({options.sofasport_id})", f"{theirs} ({options.fpl_code})", options
        )
    decision = Decision(
        kind,
        options.sofasport_id,
        options.fpl_code,
        "link" if options.command == "accept" else options.command,
        options.by or getpass.getuser(),
        options.because,
    )
    with context.conn.transaction():
        decisions.store(context.conn, decision)
        resolve_identities(context)
        load_mappings(context)
    holders = decisions.holders_of(context.conn, kind, options.fpl_code)
    linked = ", ".join(map(str, holders)) or "nobody"
    print(f"Stored: {decision.verdict} {ours} ({options.sofasport_id}) and {theirs} ({options.fpl_code}).")
    print(f"Matched anew: {theirs} is linked to SofaSport {kind} {linked}.")
    if len(holders) > 1:
        print(
            "These are several profiles: if they are not one man, `reject` or `withdraw` those that are not his."
        )


def _require_review(
    context: StepContext, kind: Kind, ours: str, theirs: str, options: argparse.Namespace
) -> None:
    """Refuse to accept what nobody has proposed.

    Raises:
        SelectionError: when the pair is not in review; the sentence says who is, or who has rejected it.
    """
    rejected = decisions.rejection(context.conn, kind, options.sofasport_id, options.fpl_code)
    if rejected:
        raise SelectionError(
            f"{ours} and {theirs}: rejected by {rejected}. To take that back say `withdraw`; to link the two, `link`."
        )
    waiting = decisions.in_review(context.conn, context.season(), kind, options.sofasport_id)
    if options.fpl_code not in waiting:
        proposed = ", ".join(map(str, waiting)) or "nothing"
        raise SelectionError(
            f"{ours} is not in review for {theirs}; proposed instead: {proposed}. To link the two all the same, say"
            " `link`."
        )


if __name__ == "__main__":
    sys.exit(main())
