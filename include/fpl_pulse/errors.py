"""Errors, grouped by what to do next: try again, accept that there is no data, or stop.

The three groups are the only thing that callers branch on; the classes below them carry the sentence that
an operator reads. A sentence says what happened, where, and what to do.
"""

from collections.abc import Sequence


class FplPulseError(Exception):
    """Anything that this project raises on purpose."""


class RetryableError(FplPulseError):
    """The same call may work in a while: an outage, a rate limit, a broken answer.

    `retry_after_s` is what the server asked for, if it did.
    """

    def __init__(self, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class NoDataError(FplPulseError):
    """The source answered well and has nothing for these parameters. A fact to store, not a fault."""


class StopError(FplPulseError):
    """Trying again is useless until a person has done something."""


class AccessRefusedError(StopError):
    """The key is wrong, or the plan does not include this API (401, 403)."""


class QuotaSpentError(StopError):
    """The plan's daily or monthly quota is used up."""


class BadRequestError(StopError):
    """The source says that we asked wrongly: our bug or a changed API."""


class PayloadError(StopError):
    """An answer does not have the shape that the documentation and this code expect."""


class PagingError(RetryableError):
    """A list could not be read to its end, so none of it may be taken as complete."""


class SelectionError(StopError):
    """A person asked for gameweeks, matches or players that cannot be."""


class StoreUnavailableError(StopError):
    """The store's database cannot be reached, or its Airflow connection does not exist."""


class CheckFailedError(StopError):
    """The database does not hold what it should after a load. `problems` are sentences."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("The check found: " + "; ".join(problems))
        self.problems = tuple(problems)
