"""Errors, grouped by what to do next: retry, accept that there is no data, or stop.

Callers branch on the three groups only. The classes below them exist for the sentences that an operator reads: what
happened, where, and what to do next.
"""

from collections.abc import Sequence

IF_REPEATED = "If this repeats, the API has changed: see `The API changed its format` in docs/runbook.md"
"""The next step after a response that does not have the expected shape."""


class FplPulseError(Exception):
    """Base class of all errors that this project raises on purpose."""


class RetryableError(FplPulseError):
    """The same call may succeed later: an outage, a rate limit, a broken response.

    `retry_after_s` is the wait in seconds that the server requested, or None.
    """

    def __init__(self, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class NoDataError(FplPulseError):
    """The source works and has no data for these parameters. This is a fact to store, not a fault."""


class StopError(FplPulseError):
    """A retry is useless until somebody has fixed the cause."""


class AccessRefusedError(StopError):
    """The API refused the key (401, 403)."""


class PlanError(AccessRefusedError):
    """The subscription does not include this call (402, 403)."""


class OneItemError(RetryableError):
    """One call fails every time, while the source answers others. Waiting for hours does not help."""


class ProxyError(StopError):
    """The proxy on the way to the source refused its user or password (407)."""


class ChallengeError(RetryableError):
    """A protection against bots refused the call. Neither the key nor the plan is the cause."""


class QuotaPauseError(RetryableError):
    """The quota of an hour is used up; `retry_after_s` says when calls continue."""


class QuotaSpentError(StopError):
    """The plan's daily or monthly quota is used up."""


class BadRequestError(StopError):
    """The API rejected the request: a bug of ours, or the API has changed."""


class PayloadError(StopError):
    """A payload does not have the documented shape that this code expects."""


class PagingError(RetryableError):
    """A list could not be read to its end, so no part of it may pass for the whole."""


class SelectionError(StopError):
    """The gameweeks, matches or players chosen for a manual run do not exist, or nothing is stored to choose from."""


class PausedError(StopError):
    """The pipeline that a manual run would trigger is paused: its run would wait until somebody switches it on."""


class StoreUnavailableError(StopError):
    """The store's database cannot be reached, or its Airflow connection does not exist."""


class CheckFailedError(StopError):
    """After a load the database lacks data that it should hold. `problems` has one sentence for each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("The check found: " + "; ".join(problems))
        self.problems = tuple(problems)


BUG_ERRORS = (TypeError, ValueError, LookupError, AttributeError, AssertionError, NameError)
"""Raised by bugs in this code. An outage raises RetryableError, OSError or an error of psycopg."""


def can_retry(error: BaseException) -> bool:
    """Whether another attempt can succeed without a fix."""
    return not isinstance(error, (StopError, *BUG_ERRORS))
