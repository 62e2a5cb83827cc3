"""Serves the JSON API alone, without Airflow's API server: `python -m fpl_pulse.cli.api`.

FPL_PULSE_API_TOKEN is the token that requests must send; without it, one is generated and printed. The database is that
of the Airflow connection `fpl_postgres`.
"""

import argparse
import os
import secrets
import sys

from fpl_pulse.errors import StoreUnavailableError

TOKEN = "FPL_PULSE_API_TOKEN"  # noqa: S105 - the name of a variable
DEFAULT_PORT = 8321


def main(arguments: list[str] | None = None) -> int:
    """Serve until the process is stopped. The exit status is 0 then, 1 without a database, 2 with a wrong token."""
    parser = argparse.ArgumentParser(prog="python -m fpl_pulse.cli.api", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on; the default is this machine only")
    parser.add_argument(
        "--port", type=int, default=DEFAULT_PORT, help=f"port to listen on; the default is {DEFAULT_PORT}"
    )
    options = parser.parse_args(arguments)

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
    except StoreUnavailableError as error:
        print(error, file=sys.stderr)
        return 1
    address = f"http://{options.host}:{options.port}"
    shown = f"${TOKEN}" if given else token
    print(f"The API is at {address}. Stop it with Ctrl-C. Try it:", flush=True)
    print(f'  curl -H "Authorization: Bearer {shown}" {address}/api/week-status/', flush=True)
    database = Database(connect)
    try:
        uvicorn.run(
            create_app(database, require_token(token)), host=options.host, port=options.port, log_level="warning",
            server_header=False,
        )  # fmt: skip
    finally:
        database.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
