"""Command line of the sandbox: `python -m dev.sandbox --port 18710 --as-of 2025-10-13T01:00:00Z`."""

import argparse
import logging
import os
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

import uvicorn

from dev.sandbox.app import make_app
from dev.sandbox.limits import Limits
from dev.sandbox.season import DEFAULT_CLUBS, DEFAULT_SEED
from dev.sandbox.summer import Summer
from dev.sandbox.timestamps import iso, timestamp
from dev.sandbox.world import DEFAULT_AS_OF, World

KEY_VARIABLE = "FPL_PULSE_SANDBOX_KEY"
PROGRAM = "dev.sandbox"
DROPPED_CONNECTION = "without completing response"
"""Part of Uvicorn's log message about a response that stops in the middle."""


class OneLineParser(argparse.ArgumentParser):
    """Prints errors as one line, without the usage text."""

    def error(self, message: str) -> NoReturn:
        """Exit with status 2."""
        self.exit(2, f"{PROGRAM}: {message}\n")


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """A converter for whole numbers within bounds."""

    def convert(text: str) -> int:
        if not (text.isascii() and text.isdigit()) or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} to {most}.")
        return int(text)

    return convert


def timestamp_argument(text: str) -> int:
    """A converter for times with a time zone, to seconds since the epoch."""
    try:
        return timestamp(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a time with a time zone, such as 2025-10-13T01:00:00Z."
        ) from None


def read_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Parse the command line and check it."""
    parser = OneLineParser(
        prog=PROGRAM, description="An invented season behind HTTP, with responses like those of SofaSport and FPL."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument(
        "--port", type=whole_number(0, 65535), default=18710, help="port to listen on, 0 for a free one (18710)"
    )
    parser.add_argument(
        "--as-of",
        type=timestamp_argument,
        default=DEFAULT_AS_OF,
        help=f"time of the clock, which stands still ({iso(DEFAULT_AS_OF)})",
    )
    parser.add_argument(
        "--clock-file", type=Path, help="file in which the time of the clock is stored whenever it is set"
    )
    parser.add_argument("--api-key", help=f"the SofaSport API key; prefer the environment variable {KEY_VARIABLE}")
    parser.add_argument(
        "--rps", type=whole_number(1, 1_000_000), help="maximum number of SofaSport requests in any second"
    )
    parser.add_argument(
        "--quota", type=whole_number(0, 100_000_000), help="maximum number of SofaSport requests in a month"
    )
    parser.add_argument(
        "--latency-ms", type=whole_number(0, 60_000), default=0, help="milliseconds to wait before each response (0)"
    )
    opens = Summer()
    parser.add_argument(
        "--fpl-opens",
        type=timestamp_argument,
        default=opens.fpl_opens_at,
        help=f"when FPL opens the second season ({iso(opens.fpl_opens_at)})",
    )
    parser.add_argument(
        "--sofasport-opens",
        type=timestamp_argument,
        default=opens.sofasport_opens_at,
        help=f"when SofaSport lists the second season ({iso(opens.sofasport_opens_at)})",
    )
    parser.add_argument("--seed", type=whole_number(0, 10**12), default=DEFAULT_SEED, help="seed of the season")
    parser.add_argument(
        "--clubs",
        type=int,
        choices=range(4, DEFAULT_CLUBS + 1, 2),
        default=DEFAULT_CLUBS,
        help=f"number of clubs, even ({DEFAULT_CLUBS})",
    )
    parser.add_argument(
        "--control-from-anywhere", action="store_true", help="accept /__sandbox__/ requests also from other machines"
    )
    options = parser.parse_args(arguments)
    options.api_key = options.api_key or os.environ.get(KEY_VARIABLE)
    if not options.api_key:
        parser.error(f"no API key. Set {KEY_VARIABLE} in the environment, or use --api-key.")
    return options


class ReadyServer(uvicorn.Server):
    """Prints a line when it is ready."""

    def __init__(self, config: uvicorn.Config, line: str) -> None:
        """Store the line."""
        super().__init__(config)
        self._line = line

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then print the line."""
        await super().startup(sockets)
        if self.started:
            print(self._line, flush=True)


def clock_writer(file: Path | None) -> Callable[[int], None]:
    """A function that stores a time (seconds since the epoch) in the file; without a file it does nothing."""

    def store(as_of: int) -> None:
        if file is not None:
            draft = file.with_name(f"{file.name}.draft")
            draft.write_text(iso(as_of) + "\n")
            draft.replace(file)

    return store


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted. Returns 2 if the arguments or the port cannot be used."""
    options = read_arguments(arguments)
    try:
        summer = Summer(options.fpl_opens, options.sofasport_opens)
        world = World(options.as_of, options.seed, summer, clubs=options.clubs)
    except ValueError as error:
        print(f"{PROGRAM}: {error}", file=sys.stderr)
        return 2
    try:
        listener = socket.create_server((options.host, options.port), backlog=256)
    except OSError as error:
        print(
            f"{PROGRAM}: cannot listen on {options.host}:{options.port}: {os.strerror(error.errno or 0)}; "
            "choose another port with --port.",
            file=sys.stderr,
        )
        return 2
    limits = Limits(options.rps, options.quota, options.latency_ms)
    store = clock_writer(options.clock_file)
    store(world.as_of)
    app = make_app(world, options.api_key, limits, control_from_anywhere=options.control_from_anywhere, on_clock=store)
    config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off")
    # Connections that a scenario drops on purpose are not logged.
    logging.getLogger("uvicorn.error").addFilter(lambda line: DROPPED_CONNECTION not in line.getMessage())
    host, port = listener.getsockname()[:2]
    ReadyServer(config, f"sandbox ready at http://{host}:{port} as of {iso(world.as_of)}").run(sockets=[listener])
    return 0


if __name__ == "__main__":
    sys.exit(main())
