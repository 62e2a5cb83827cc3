"""The open alerts, and the way to close one manually.

`python -m fpl_pulse.cli.alerts list` prints the open alerts with their numbers. `close` closes alerts and records who
did it and why. Usually a green run closes an alert. The database is that of the Airflow connection `fpl_postgres`.
"""

import argparse
import sys
from collections.abc import Sequence

from fpl_pulse.alerts.outbox import close_by_hand
from fpl_pulse.alerts.sentences import alert_heading
from fpl_pulse.cli.on_store import run_on_store
from fpl_pulse.cli.signature import add_options, name_of
from fpl_pulse.errors import SelectionError
from fpl_pulse.etl.context import StepContext
from fpl_pulse.store import open_alerts
from fpl_pulse.store.open_alerts import OpenAlert
from fpl_pulse.week import in_london
from fpl_pulse.wording import quantity


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Returns:
        The exit status: 0 on success, 1 when the database cannot be reached, 2 when an alert is not open.
    """
    options = _parser().parse_args(arguments)
    return run_on_store("alerts", options.command, lambda context: _run(context, options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m fpl_pulse.cli.alerts", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="print the open alerts with their numbers")
    close = commands.add_parser("close", help="close alerts by their numbers")
    close.add_argument("numbers", type=_number, nargs="+", help="the numbers that `list` prints")
    add_options(close)
    return parser


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 0 < int(text[:20]) < 2**63:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not the number of an alert: `make alerts` prints them")
    return int(text)


def _run(context: StepContext, options: argparse.Namespace) -> None:
    found = open_alerts.read(context.conn)
    if options.command == "list":
        print(*(_described(one) for one in found), sep="\n\n")
        print(quantity(len(found), "open alert") if found else "No alert is open.")
    else:
        _close(context, options, {one.alert_id: one for one in found})


def _close(context: StepContext, options: argparse.Namespace, known: dict[int, OpenAlert]) -> None:
    """Close the alerts, all or none.

    Raises:
        SelectionError: one of them is not open.
    """
    unknown = [number for number in options.numbers if number not in known]
    if unknown:
        numbers = ", ".join(map(str, known)) or "none"
        raise SelectionError(
            f"No open alert has the number {', '.join(map(str, unknown))}. Nothing was closed. Open alerts: {numbers}."
        )
    for number in close_by_hand(context.conn, options.numbers, name_of(options), options.because):
        print(f"Closed {number}: {alert_heading(known[number].kind, known[number].subject)}.")


def _described(alert: OpenAlert) -> str:
    heading = alert_heading(alert.kind, alert.subject)
    return f"{alert.alert_id}  {heading} (raised {in_london(alert.raised_at)})\n    {alert.message}"


if __name__ == "__main__":
    sys.exit(main())
