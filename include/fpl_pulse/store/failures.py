"""What an error of the database means for an operator: the server is down, or its disk is full."""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg import OperationalError
from psycopg.errors import DiskFull

from fpl_pulse.errors import StoreDownError, StoreFullError

ENDS_THE_CONNECTION = ("08", "57P")
"""How the codes of errors begin with which a server ends a connection, or refuses one."""

NO_SPACE = "No space left on device"
"""The operating system's words, which the server passes on."""


def explained(error: OperationalError) -> StoreDownError | None:
    """The error in our words; None for one that is not about the whole server, such as a lock that was not free.

    The words of the server are not quoted: they can name users and addresses.
    """
    # A server without space refuses connections too, with an error that has no code.
    if isinstance(error, DiskFull) or NO_SPACE in str(error):
        return StoreFullError(
            "The database is full: its server found no space on the disk. What was stored before is kept."
            f" {StoreFullError.remedy}, then clear the task if it is red"
        )
    # An error of the connection itself has no code of the server.
    if error.sqlstate is None or error.sqlstate.startswith(ENDS_THE_CONNECTION):
        return StoreDownError(
            f"The database did not respond or ended the connection ({type(error).__name__})."
            f" {StoreDownError.remedy}, then clear the task if it is red"
        )
    return None


@contextmanager
def in_our_words() -> Iterator[None]:
    """Replace an error of the database by one that says what to do, if there is one.

    Raises:
        StoreFullError: the disk of the database is full.
        StoreDownError: the database cannot be reached, or has ended the connection.
    """
    try:
        yield
    except OperationalError as error:
        ours = explained(error)
        if ours is None:
            raise
        raise ours from error
