"""Serves the JSON API alone, without Airflow's API server: `python -m fpl_pulse.cli.api`.

FPL_PULSE_API_TOKEN is the token that requests must send; without it, one is generated and printed. The database is that
of the Airflow connection `fpl_postgres`.
"""

import argparse
import os
import secrets
import signal
import socket
import sys

from fpl_pulse.errors import StoreUnavailableError
from fpl_pulse.wording import sentence

TOKEN = "FPL_PULSE_API_TOKEN"  # noqa: S105 - the name of a variable
DEFAULT_PORT = 8321

WAIT_FOR_REQUESTS_S = 15
"""For how long a server that stops waits for the responses it is sending. A slow client would hold it for ever."""


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or Ctrl-C stops the process.

    The exit status is 0 then, 1 without a database or an address to listen on, 2 with a wrong option or token.
    """
    parser = argparse.ArgumentParser(prog="python -m fpl_pulse.cli.api", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on; the default is this machine only")
    parser.add_argument(
        "--port", type=_port, default=DEFAULT_PORT,
        help=f"port to listen on, 0 for any that is free; the default is {DEFAULT_PORT}",
    )  # fmt: skip
    options = parser.parse_args(arguments)
    try:
        # Both signals interrupt the start too. The server handles them itself while it runs.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        return _serve(options.host, options.port)
    except KeyboardInterrupt:
        return _stopped()


def _serve(host: str, port: int) -> int:
    import uvicorn

    from fpl_pulse.airflow.connections import connect, open_store
    from fpl_pulse.web.app import create_app
    from fpl_pulse.web.database import Database
    from fpl_pulse.web.tokens import MIN_TOKEN_LENGTH, require_token

    given = os.environ.get(TOKEN, "")
    if given and len(given) < MIN_TOKEN_LENGTH:
        print(f"{TOKEN} has fewer than {MIN_TOKEN_LENGTH} characters. Set a longer one.", file=sys.stderr)
        return 2
    token = given or secrets.token_urlsafe(24)
    try:
        with open_store():
            pass
        listener = _listen(host, port)
    except (StoreUnavailableError, _AddressError) as error:
        print(error, file=sys.stderr)
        return 1
    named = f"[{host}]" if ":" in host else host
    address = f"http://{named}:{listener.getsockname()[1]}"
    shown = f"${TOKEN}" if given else token
    database = Database(connect)
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(database, require_token(token)), log_level="warning", server_header=False,
            timeout_graceful_shutdown=WAIT_FOR_REQUESTS_S,
        )
    )  # fmt: skip
    print(f"The API is at {address}. Stop it with Ctrl-C. Try it:", flush=True)
    print(f'  curl -H "Authorization: Bearer {shown}" {address}/api/week-status/', flush=True)
    try:
        # After the shutdown it raises the signal again that has stopped it. asyncio sometimes keeps that one to itself.
        server.run([listener])
    finally:
        listener.close()
        database.close()
    return _stopped()


def _stopped() -> int:
    print("The API has stopped.", flush=True)
    return 0


class _AddressError(Exception):
    """The server cannot listen on the address that it was given."""


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 5 and int(text) <= 65_535):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port. Choose a whole number from 0 to 65535")
    return int(text)


def _listen(host: str, port: int) -> socket.socket:
    """A socket that accepts connections. If uvicorn opened it, it would only log that the port is in use, and exit."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server(address, family=family, backlog=2048)
    except (socket.gaierror, UnicodeError) as error:
        raise _AddressError(
            f"{host!r} is not an address of a machine: {sentence(error)} Choose another --host."
        ) from error
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise _AddressError(
            f"The API cannot listen on {host}, port {port}: {sentence(reason)} Choose another --port or --host, or stop"
            " the program that uses it."
        ) from error


if __name__ == "__main__":
    sys.exit(main())
