"""Errors, grouped by what to do next: retry, accept that there is no data, or stop.

Callers branch on the three groups only. The classes below them exist for the sentences that an operator reads: what
happened, where, and what to do next.
"""

from collections.abc import Sequence
from enum import Enum

IF_REPEATED = "If this repeats, the API has changed: see `The API changed its format` in docs/runbook.md"
"""The next step after a response that does not have the expected shape."""


class Recovery(Enum):
    """What brings a failed run back to green, for the advice in the alert about the run."""

    RETRY = "retry"
    """Clear the failed tasks when the source is back."""
    LATER = "later"
    """Clear the failed tasks after the time that the sentence names."""
    AGAIN = "again"
    """Clear the failed task once: it requests the response again."""
    FIX = "fix"
    """Fix the cause, then clear the failed tasks."""
    STORE = "store"
    """Clear the failed tasks when the store's database works."""
    OTHER_RUN = "other_run"
    """Make the run that this one waits for green."""
    NEW_RUN = "new_run"
    """Trigger a new run. A cleared run keeps its parameters and fails again."""


class FplPulseError(Exception):
    """Base class of all errors that this project raises on purpose.

    `section` is a heading in docs/runbook.md as an anchor. `remedy` has no full stop at its end, and usually is a part
    of the message. An error can have its own in place of those of its class.
    """

    recovery = Recovery.FIX
    section = "a-run-failed"
    remedy = "Fix the cause, then clear the red task"
    needs_somebody = False
    """Whether somebody has to act although Airflow tries the task again."""

    def __init__(self, message: str, *, remedy: str | None = None, section: str | None = None) -> None:
        super().__init__(message)
        if remedy is not None:
            self.remedy = remedy
        if section is not None:
            self.section = section

    def remedy_first(self) -> str:
        """The message with the remedy before it, in one line: for a reader who has to act at once."""
        before, _, after = str(self).partition(self.remedy)
        happened = ". ".join(part for part in (before.strip(" .;"), after.strip(" .;,")) if part)
        return " ".join(f"{self.remedy}. {happened}.".split())


class RetryableError(FplPulseError):
    """The same call may succeed later: an outage, a rate limit, a broken response.

    `retry_after_s` is the wait in seconds that the server requested, or None.
    """

    recovery = Recovery.RETRY
    section = "the-source-is-down"
    remedy = "Clear the red task when the source is back"

    def __init__(self, message: str, retry_after_s: float | None = None, *, remedy: str | None = None) -> None:
        super().__init__(message, remedy=remedy)
        self.retry_after_s = retry_after_s


class StoreDownError(RetryableError):
    """The store's database cannot be reached, or has ended the connection. In the logs of tasks, which are retried."""

    recovery = Recovery.STORE
    section = "the-database-cannot-be-reached"
    remedy = "Start the database of the Airflow connection fpl_postgres, or correct the connection"
    needs_somebody = True


class StoreFullError(StoreDownError):
    """The store's database has no space left on its disk."""

    section = "a-full-disk"
    remedy = "Free space on the disk of the database of fpl_postgres, or give it a larger one"


class NoDataError(FplPulseError):
    """The source works and has no data for these parameters. This is a fact to store, not a fault."""


class StopError(FplPulseError):
    """A retry is useless until somebody has fixed the cause."""


class AccessRefusedError(StopError):
    """The API refused the key (401, 403)."""

    section = "the-key-is-refused"
    remedy = "Check the key of the Airflow connection sofasport_api, then clear the failed tasks"


class PlanError(AccessRefusedError):
    """The subscription does not include this call (402, 403)."""

    section = "the-plan-lacks-the-api"
    remedy = "Check that the key is the present one, subscribe it to the API at RapidAPI, then clear the failed tasks"


class OneItemError(RetryableError):
    """One call fails every time, while the source answers others. Waiting for hours does not help."""

    recovery = Recovery.LATER
    section = "one-task-fails-every-time"
    remedy = "Clear this task some hours later"


class ProxyError(StopError):
    """The proxy on the way to the source refused its user or password (407)."""

    section = "the-way-to-the-source"
    remedy = "Correct the proxy in the environment of the workers (HTTPS_PROXY), then clear the failed tasks"


class ChallengeError(RetryableError):
    """A protection against bots refused the call. Neither the key nor the plan is the cause."""

    section = "a-call-is-taken-for-a-bots"
    remedy = "Clear the red task some minutes later"


class QuotaPauseError(RetryableError):
    """The quota of an hour is used up; `retry_after_s` says when calls continue."""

    recovery = Recovery.LATER
    section = "the-quota-of-an-hour-is-spent"
    remedy = "Clear the red task when the hour is over"


class QuotaSpentError(StopError):
    """The plan's daily or monthly quota is used up.

    `names_reset` is whether the message says when the quota is reset. The response does not always state it.
    """

    recovery = Recovery.LATER
    section = "the-quota-is-spent"
    remedy = "Clear the failed tasks after the quota's reset, which RapidAPI's dashboard shows"
    names_reset = False

    def name_reset(self, when: str) -> None:
        """Say in the message when the quota is reset: `Sat 1 Nov 00:00 London time`."""
        known = f"Clear the failed tasks after the quota's reset on {when}"
        self.args = (str(self).replace(self.remedy, known, 1),)
        self.remedy, self.names_reset = known, True


class BadRequestError(StopError):
    """The API rejected the request: a bug of ours, or the API has changed."""

    section = "the-api-changed-its-format"
    remedy = IF_REPEATED


class PayloadError(StopError):
    """A payload does not have the documented shape that this code expects, or cannot be true."""

    recovery = Recovery.AGAIN
    section = "the-api-changed-its-format"
    remedy = "Clear the red task once: it requests the response again"


class PagingError(RetryableError):
    """A list could not be read to its end, so no part of it may pass for the whole."""

    remedy = "Clear the red task: it fetches the list again"


class SelectionError(StopError):
    """The parameters of a manual run are wrong. They stay in the run, so a clear does not help."""

    recovery = Recovery.NEW_RUN
    section = "wrong-parameters"
    remedy = "Trigger a new run with correct parameters; do not clear this one"


class NotStoredYetError(SelectionError):
    """What the run needs is not stored: an earlier pipeline of the week has never run."""

    recovery = Recovery.FIX
    section = "the-store-is-empty"
    remedy = "Run update_fixture_mappings, then clear the red task"


class WaitFailedError(StopError):
    """The pipeline that a run waits for has failed, is missing, or takes too long."""

    recovery = Recovery.OTHER_RUN
    section = "a-wait-failed"
    remedy = "Make that run green; then this one goes on by itself, or after a clear of the wait"


class PausedError(StopError):
    """The pipeline that a manual run would trigger is paused: its run would wait until somebody switches it on."""

    section = "a-run-did-not-start"
    remedy = "Switch the pipeline on, then clear this task"


class StoreUnavailableError(StopError):
    """The store's database cannot be reached, or its Airflow connection does not exist."""

    section = "the-database-cannot-be-reached"
    remedy = "Start the database or correct the Airflow connection fpl_postgres, then clear the red task"


class CheckFailedError(StopError):
    """After a load the database lacks data that it should hold. `problems` has one sentence for each."""

    section = "a-red-check"
    remedy = "Fix what is named here, then clear this check"

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("The check found: " + "; ".join(problems))
        self.problems = tuple(problems)


class PackNotWrittenError(FplPulseError):
    """A pack or an export could not be written. What was there before is unchanged, and the store has all data."""

    recovery = Recovery.FIX
    section = "a-pack-was-not-written"
    remedy = "Fix the cause, then write the pack again"

    def __init__(self, happened: str, *, remedy: str | None = None) -> None:
        super().__init__(f"{happened}. {remedy or self.remedy}", remedy=remedy)


BUG_ERRORS = (TypeError, ValueError, LookupError, AttributeError, AssertionError, NameError)
"""Raised by bugs in this code. An outage raises RetryableError, OSError or an error of psycopg."""


def section_of(error: BaseException) -> str:
    """The runbook's section about an error, as an anchor; the general one for an unexpected error."""
    return error.section if isinstance(error, FplPulseError) else FplPulseError.section


def error_class(name: str | None) -> type[FplPulseError] | None:
    """The class with a name, as it is stored with a failed attempt; None when there is none."""
    classes = [FplPulseError]
    for one in classes:
        classes += [sub for sub in one.__subclasses__() if sub not in classes]
    return next((one for one in classes if one.__name__ == name), None)


def can_retry(error: BaseException) -> bool:
    """Whether another attempt can succeed without a fix."""
    return not isinstance(error, (StopError, *BUG_ERRORS))
