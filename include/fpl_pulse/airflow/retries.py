"""What Airflow does when a step fails: the errors' groups decide, and the server's own word on when to come back."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from airflow.sdk import ExceptionRetryPolicy, RetryAction, RetryRule
from airflow.sdk.definitions.retry_policy import RetryDecision

from fpl_pulse.errors import RetryableError, StopError

LONGEST_WAIT = timedelta(minutes=10)
"""A longer wait would outlast the run's limit."""

BUGS = (TypeError, ValueError, LookupError, AttributeError, AssertionError, NameError)
"""What a mistake in this code raises. Outages raise RetryableError, OSError or psycopg's errors, and are retried."""

RULES = (
    RetryRule(exception=StopError, action=RetryAction.FAIL, reason="trying again is useless"),
    RetryRule(exception=list(BUGS), action=RetryAction.FAIL, reason="a bug fails every time"),
)


def can_retry(error: BaseException) -> bool:
    """Whether the same task may work on another try, without anything changed by a person."""
    return not isinstance(error, (StopError, *BUGS))


class PatientRetryPolicy(ExceptionRetryPolicy):
    """The rules above; and where the server said how long to wait, that long."""

    def evaluate(
        self,
        exception: BaseException,
        try_number: int,
        max_tries: int,
        context: Mapping[str, Any] | None = None,
    ) -> RetryDecision:
        """Decide on one failure."""
        if isinstance(exception, RetryableError) and exception.retry_after_s is not None:
            delay = timedelta(seconds=exception.retry_after_s)
            if delay > LONGEST_WAIT:
                return RetryDecision.fail(
                    f"the server asks for {delay}, longer than a run lasts; clear the task later"
                )
            return RetryDecision.retry(delay, reason="the server said when to come back")
        return super().evaluate(exception, try_number, max_tries, context)  # type: ignore[arg-type]


POLICY = PatientRetryPolicy(rules=list(RULES))
