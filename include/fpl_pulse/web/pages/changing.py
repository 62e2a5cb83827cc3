"""How a form on a page changes the store: who may, on which connection, and where the browser goes then."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Request
from psycopg import Connection
from pydantic import AfterValidator, BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from fpl_pulse.web.pages.rendering import way_up
from fpl_pulse.web.people import User
from fpl_pulse.wording import one_line

MOST_CHARACTERS = 500

Reason = Annotated[str, AfterValidator(one_line), Field(min_length=1, max_length=MOST_CHARACTERS)]


class SignedForm(BaseModel):
    """What every form that changes something sends."""

    token: Annotated[str, Field(max_length=1_000)]
    because: Reason


@contextmanager
def changing(request: Request, user: User, form: SignedForm) -> Iterator[Connection[Any]]:
    """A connection on which a user changes the store. It is closed at the end.

    Raises:
        HTTPException: 403, the user may only read, or the form is not from one of our pages.
        StoreUnavailableError: the database cannot be reached.
    """
    if not user.may_decide:
        raise HTTPException(
            HTTPStatus.FORBIDDEN, "You may read but not decide. Ask an administrator for the permission."
        )
    request.app.state.people.form_tokens.check(request, user.name, form.token)
    with request.app.state.people.connect() as conn:
        yield conn


def see(request: Request, path: str) -> RedirectResponse:
    """The redirect to a page, relative to the page that was asked for: a reverse proxy may put a prefix before it."""
    return RedirectResponse(way_up(request) + path, HTTPStatus.SEE_OTHER)
