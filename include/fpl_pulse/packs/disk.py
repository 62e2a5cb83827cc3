"""Errors of the disk as sentences."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from fpl_pulse.errors import PackNotWrittenError

ANOTHER_PLACE = "set FPL_PULSE_PACKS to another place"
"""What to do about a disk on which packs do not fit."""


@contextmanager
def written_or_explained(where: str, elsewhere: str = ANOTHER_PLACE) -> Iterator[None]:
    """Turn an error of the disk into a sentence. DuckDB has its own errors, with the words of the system in them.

    Args:
        where: what cannot be written.
        elsewhere: how to write it to another disk.

    Raises:
        PackNotWrittenError: nothing of the new files counts.
    """
    try:
        yield
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise explained(error, where, elsewhere) from error
    except duckdb.Error as error:
        # Its text shows rows of the data.
        raise PackNotWrittenError(
            f"{_first(where)} was not written, because DuckDB did not accept the data ({type(error).__name__}); nothing"
            " was changed there",
            remedy="This is a bug of FPL Pulse: report it with the version",
        ) from error


def explained(error: Exception, where: str, elsewhere: str = ANOTHER_PLACE) -> PackNotWrittenError:
    """The sentence about an error of the disk."""
    number = getattr(error, "errno", None)
    text = " ".join(str(error).split())
    if number in (errno.ENOSPC, errno.EDQUOT) or "No space left" in text or "max_temp_directory_size" in text:
        return PackNotWrittenError(
            f"The disk of {where} is full: nothing was written, and what was there before is unchanged",
            remedy=f"Free space there, or {elsewhere}",
        )
    if isinstance(error, PermissionError) or number == errno.EROFS or "Permission denied" in text:
        return PackNotWrittenError(
            f"{_first(where)} cannot be written ({text[:200]}): nothing was changed there",
            remedy=f"Allow this user to write there, or {elsewhere}",
        )
    return PackNotWrittenError(
        f"{_first(where)} was not written ({type(error).__name__}: {text[:200]}); nothing was changed there"
    )


def _first(where: str) -> str:
    """The words at the beginning of a sentence. A path stays as it is."""
    return f"T{where[1:]}" if where.startswith("the ") else where
