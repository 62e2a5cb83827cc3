"""The pages on a database, over real HTTP, for a user of whom a test says what he may do."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any

import psycopg

from fpl_pulse.web.app import create_app
from fpl_pulse.web.database import Database
from fpl_pulse.web.form_tokens import FormTokens
from fpl_pulse.web.people import People, User
from tests.web.serving import Client, served

ANN = User("Ann", may_decide=True)
TOKENS = FormTokens("a-secret-for-tests-only-0123456789")


def allow() -> None:
    """The dependency of a reader who is logged in."""


@contextmanager
def pages_on(connect: Callable[[], psycopg.Connection[Any]], user: User = ANN) -> Iterator[Client]:
    """A browser, without its JavaScript, of a user on the pages of a database."""
    database = Database(connect)
    try:
        app = create_app(database, allow, People(lambda: user, connect, TOKENS))
        with served(app) as client:
            yield client
        app.state.pictures.close()
    finally:
        database.close()


def text_of(page: str) -> str:
    """What a page says, without markup and in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())
