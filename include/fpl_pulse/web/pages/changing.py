"""How a form on a page changes the store: who may, on which connection, and where the browser goes then."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Annotated, Any

import psycopg
from fastapi import Request
from psycopg import Connection
from pydantic import AfterValidator, BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from fpl_pulse.store.connection import limit_waits
from fpl_pulse.store.queries import query
from fpl_pulse.web.pages.rendering import way_up
from fpl_pulse.web.people import User
from fpl_pulse.web.problems import RETRY_AFTER_S
from fpl_pulse.wording import one_line

MOST_CHARACTERS = 500
LOCK_LIMIT_S = 10
"""How long a change waits for a run, or for another change: longer than one decision takes."""

CHANGE_LIMIT_S = 60.0
"""For all statements of a change. Only a database that does not respond any more reaches it."""

Reason = Annotated[str, AfterValidator(one_line), Field(min_length=1, max_length=MOST_CHARACTERS)]


class SignedForm(BaseModel):
    """What every form that changes something sends."""

    token: Annotated[str, Field(max_length=1_000)]
    because: Reason


@contextmanager
def changing(request: Request, user: User, form: SignedForm) -> Iterator[Connection[Any]]:
    """A connection in a transaction in which a user changes the store, all or nothing.

    Raises:
        HTTPException: 403, the user may only read, or the form is not from one of our pages; 503, a run holds what the
            user wants to change. Nothing was changed.
        StoreUnavailableError: the database cannot be reached.
    """
    if not user.may_decide:
        raise HTTPException(HTTPStatus.FORBIDDEN, "You may read, but not decide. An administrator can permit it.")
    request.app.state.people.form_tokens.check(request, user.name, form.token)
    try:
        with request.app.state.people.connect() as conn:
            limit_waits(conn, CHANGE_LIMIT_S)
            with conn.transaction():
                conn.execute(query("limit_locks"), {"max_wait": f"{LOCK_LIMIT_S}s"})
                yield conn
    except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected) as error:
        raise HTTPException(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "A run or somebody else is changing the same just now. Nothing was changed. Try again in a minute.",
            {"Retry-After": str(RETRY_AFTER_S)},
        ) from error


def redirect_to(request: Request, path: str) -> RedirectResponse:
    """The redirect to a page, relative to the page that was asked for: a reverse proxy may put a prefix before it."""
    return RedirectResponse(way_up(request) + path, HTTPStatus.SEE_OTHER)
