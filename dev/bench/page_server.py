"""`python -m dev.bench.page_server --port PORT`: the pages and pictures, for one user who may decide, without a login.

The application and its connections are those that Airflow mounts. Only who asks is not checked.
"""

import argparse
import secrets
import sys

import uvicorn

from fpl_pulse.web.app import create_app
from fpl_pulse.web.database import Database
from fpl_pulse.web.form_tokens import FormTokens
from fpl_pulse.web.people import People, User


def main() -> int:
    """Serve on loopback until SIGTERM."""
    from fpl_pulse.airflow.connections import connect  # noqa: PLC0415 - this module imports without Airflow

    parser = argparse.ArgumentParser(prog="python -m dev.bench.page_server", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    visitor = User("bench", may_decide=True)
    database = Database(connect)
    try:
        people = People(lambda: visitor, connect, FormTokens(secrets.token_urlsafe(24)))
        app = create_app(database, _let_in, people)
        app.state.pictures.prepare()
        uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")
        app.state.pictures.close()
    finally:
        database.close()
    return 0


def _let_in() -> None:
    """The dependency that admits everybody."""


if __name__ == "__main__":
    sys.exit(main())
