"""Which failures Airflow retries, and after how long: the group of the error decides, and the server's Retry-After."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from airflow.sdk import ExceptionRetryPolicy, RetryAction, RetryRule
from airflow.sdk.definitions.retry_policy import RetryDecision

from fpl_pulse.errors import RetryableError, StopError
from fpl_pulse.week import in_words

MAX_RETRY_AFTER = timedelta(minutes=10)
"""A longer wait does not fit into the time limit of the shortest run, 10 minutes (`week.WEEK`)."""

BUG_ERRORS = (TypeError, ValueError, LookupError, AttributeError, AssertionError, NameError)
"""Raised by bugs in this code. Outages raise RetryableError, OSError or psycopg's errors, and are retried."""


def can_retry(error: BaseException) -> bool:
    """Whether a retry of the task can succeed without a fix."""
    return not isinstance(error, (StopError, *BUG_ERRORS))


class RetryAfterPolicy(ExceptionRetryPolicy):
    """The rules, and the server's Retry-After where it sent one."""

    def evaluate(
        self, exception: BaseException, try_number: int, max_tries: int, context: Mapping[str, Any] | None = None
    ) -> RetryDecision:
        """Decide whether and when to retry after one failure."""
        if isinstance(exception, RetryableError) and exception.retry_after_s is not None:
            delay = timedelta(seconds=exception.retry_after_s)
            if delay > MAX_RETRY_AFTER:
                return RetryDecision.fail(
                    f"the server requests a wait of {in_words(delay)}, longer than the run may take; clear the task"
                    " after that"
                )
            return RetryDecision.retry(delay, reason="the server set the wait")
        return super().evaluate(exception, try_number, max_tries, context)  # type: ignore[arg-type]


RETRY_POLICY = RetryAfterPolicy(
    rules=[
        RetryRule(exception=StopError, action=RetryAction.FAIL, reason="a retry cannot help"),
        RetryRule(exception=list(BUG_ERRORS), action=RetryAction.FAIL, reason="a bug fails every time"),
    ]
)
