"""Command line of the sandbox: `python -m dev.sandbox --port 18710 --as-of 2025-10-13T01:00:00Z`."""

import argparse
import logging
import os
import socket
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

import uvicorn

from dev.sandbox.app import make_app
from dev.sandbox.limits import Limits
from dev.sandbox.moments import iso, moment
from dev.sandbox.season import DEFAULT_SEED
from dev.sandbox.world import DEFAULT_MOMENT, World

KEY_VARIABLE = "FPL_PULSE_SANDBOX_KEY"
PROGRAM = "dev.sandbox"
BROKEN_OFF = "without completing response"
"""Uvicorn's words for an answer that stops in the middle."""


class OneSentenceParser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, without the usage text."""

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


def moment_argument(text: str) -> int:
    """A moment with a zone."""
    try:
        return moment(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a moment with a zone, such as 2025-10-13T01:00:00Z."
        ) from None


def read_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command line, checked."""
    parser = OneSentenceParser(
        prog=PROGRAM, description="A pretend season that answers like SofaSport and FPL."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument(
        "--port", type=whole_number(0, 65535), default=18710, help="port; 0 takes a free one (18710)"
    )
    parser.add_argument(
        "--as-of",
        type=moment_argument,
        default=DEFAULT_MOMENT,
        help=f"the clock, which stands still ({iso(DEFAULT_MOMENT)})",
    )
    parser.add_argument("--api-key", help=f"the SofaSport key; better in the environment as {KEY_VARIABLE}")
    parser.add_argument(
        "--rps", type=whole_number(1, 1_000_000), help="SofaSport requests within any one second"
    )
    parser.add_argument("--quota", type=whole_number(0, 100_000_000), help="SofaSport requests a month")
    parser.add_argument(
        "--latency-ms", type=whole_number(0, 60_000), default=0, help="wait before each answer"
    )
    parser.add_argument(
        "--seed", type=whole_number(0, 10**12), default=DEFAULT_SEED, help="another seed, another season"
    )
    parser.add_argument(
        "--control-from-anywhere",
        action="store_true",
        help="accept /__sandbox__/ requests from other machines too",
    )
    options = parser.parse_args(arguments)
    options.api_key = options.api_key or os.environ.get(KEY_VARIABLE)
    if not options.api_key:
        parser.error(f"no API key: set {KEY_VARIABLE} in the environment or give --api-key.")
    return options


class Announcing(uvicorn.Server):
    """Prints one line once it answers."""

    def __init__(self, config: uvicorn.Config, line: str) -> None:
        """Remember the line."""
        super().__init__(config)
        self._line = line

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started:
            print(self._line, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; 2 for arguments or a port that cannot be used."""
    options = read_arguments(arguments)
    try:
        listener = socket.create_server((options.host, options.port), backlog=256)
    except OSError as error:
        print(
            f"{PROGRAM}: cannot listen on {options.host}:{options.port}: {os.strerror(error.errno or 0)}; "
            "choose another port with --port.",
            file=sys.stderr,
        )
        return 2
    try:
        world = World(options.as_of, options.seed)
    except ValueError as error:
        print(f"{PROGRAM}: {error}", file=sys.stderr)
        return 2
    limits = Limits(options.rps, options.quota, options.latency_ms)
    app = make_app(world, options.api_key, limits, control_from_anywhere=options.control_from_anywhere)
    config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off")
    # A connection that a scenario breaks off is no news.
    logging.getLogger("uvicorn.error").addFilter(lambda line: BROKEN_OFF not in line.getMessage())
    host, port = listener.getsockname()[:2]
    Announcing(config, f"sandbox ready at http://{host}:{port} as of {iso(world.as_of)}").run(
        sockets=[listener]
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
