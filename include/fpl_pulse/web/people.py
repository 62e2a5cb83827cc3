"""Who looks at a page, and what this person may do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends
from psycopg import Connection

from fpl_pulse.web.form_tokens import FormTokens


@dataclass(frozen=True)
class User:
    """A logged-in user who may read."""

    name: str
    may_decide: bool
    """Whether the user may decide about links and close alerts."""


def current_user() -> User:
    """The user of a request. The application overrides this dependency with that of its login.

    Raises:
        NotImplementedError: the application has no login for people.
    """
    raise NotImplementedError("create_app got no dependency for the user")


CurrentUser = Annotated[User, Depends(current_user)]


@dataclass(frozen=True)
class People:
    """The login of people."""

    user: Callable[..., User]
    """A dependency of FastAPI. It refuses a request without a login with 401."""
    connect: Callable[[], Connection[Any]]
    """Opens a connection that may write."""
    form_tokens: FormTokens
