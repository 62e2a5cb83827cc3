"""The program that draws: `python -m fpl_pulse.web.pictures.drawer DESCRIPTOR`, the other side of `drawing_process`.

It imports nothing of the server, so that it starts sooner and needs less memory.
"""

import os
import signal
import sys
import traceback
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection

from fpl_pulse.charts.catalogue import Chart, picture_of
from fpl_pulse.charts.picture import Format, Picture, Scale
from fpl_pulse.charts.style import ThemeName

NICENESS = 5
"""Above that of the API server: Airflow's tasks come first."""
READY = "ready"
"""What the program sends when it can draw."""


@dataclass(frozen=True)
class Order:
    """A picture to draw."""

    chart: Chart
    theme: ThemeName
    form: Format
    scale: Scale


Answer = Picture | str
"""A picture, or the traceback of an error."""


def main(descriptor: int) -> int:
    """Draw the pictures that come through a connection, until its other end is closed."""
    # Ctrl-C in a terminal reaches every process in it. The server ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICENESS)
    # Drawing imports these when it needs them. Here they are ready before the first picture is wanted.
    for name in ("mplsoccer", "scipy.ndimage"):
        import_module(name)
    with Connection(descriptor) as connection:
        connection.send(READY)
        while True:
            try:
                order: Order = connection.recv()
            except EOFError:
                return 0
            connection.send(_drawn(order))


def _drawn(order: Order) -> Answer:
    try:
        return picture_of(order.chart, order.theme, order.form, order.scale)
    except Exception:  # noqa: BLE001 - the server logs the traceback and answers 500
        return traceback.format_exc()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
