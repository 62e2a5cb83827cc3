"""Which failures Airflow retries, after how long, and until when (docs/adr/0020).

What may pass is tried again with growing pauses until shortly before the next pipeline needs the run. A deadline alert
tells the operator meanwhile. The group of the error decides, and the server's Retry-After.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk.definitions.retry_policy import RetryDecision, RetryPolicy
from airflow.sdk.exceptions import AirflowTaskTimeout
from psycopg import OperationalError

from fpl_pulse.errors import OneItemError, RetryableError, can_retry
from fpl_pulse.week import PIPELINES, WAIT_LIMIT, WAIT_PREFIX, in_london, in_words, retries_end

SHORTEST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=20)

PAUSES = (SHORTEST_PAUSE, *(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 15)), LONGEST_PAUSE)
"""The pauses before the retries. The last one repeats."""

RETRIES = 120
"""Airflow's limit, which no policy can exceed: more than fit into `week.LONGEST_RETRYING`."""

FEW_RETRIES = 3
"""Retries that every run has. Manual runs, whose operator waits for them, and errors of unknown kinds have no more."""

FEW_RETRIES_TAKE = timedelta(minutes=10)
"""The longest wait that a server may request before one of the few retries, in any run."""

OUTAGES = (RetryableError, OSError, OperationalError)
"""What may pass by itself: the source or the database is down, slow, or sends broken responses."""

UNATTENDED = ("scheduled", "backfill")
"""Run types that nobody waits for."""


@dataclass(frozen=True)
class Attempt:
    """What the decision needs to know about a failed attempt."""

    number: int
    """1 for the first attempt since the run was started or cleared."""
    ends_at: datetime | None
    """Until when retries may begin; None for a run that has only `FEW_RETRIES`."""
    calls_source: bool = False
    """Whether the task calls an API: then it can reach its time limit because the source is slow."""


def decide(error: BaseException, attempt: Attempt, now: datetime) -> RetryDecision:
    """Whether and when a task is tried again after an attempt that failed `now`."""
    if not can_retry(error):
        return RetryDecision.fail("a retry cannot help until the cause is fixed")
    is_outage = isinstance(error, OUTAGES) and not isinstance(error, OneItemError)
    is_outage = is_outage or (isinstance(error, AirflowTaskTimeout) and attempt.calls_source)
    is_early = attempt.number <= FEW_RETRIES
    ends_at = attempt.ends_at if is_outage else None
    failed = f"attempt {attempt.number} failed"
    if ends_at is None and not is_early:
        return RetryDecision.fail(f"{failed}, and there are no more retries")
    left = ends_at - now if ends_at else timedelta()
    if is_early:
        left = max(left, FEW_RETRIES_TAKE)
    requested_s = error.retry_after_s if isinstance(error, RetryableError) else None
    requested = timedelta(seconds=requested_s or 0)
    if requested > left:
        return RetryDecision.fail(
            f"the server requests a wait of {in_words(requested)}, longer than this run has; clear the task after that"
        )
    if left < SHORTEST_PAUSE:
        return RetryDecision.fail(f"{failed}, and the time for retries has ended")
    pause = PAUSES[min(attempt.number, len(PAUSES)) - 1]
    until = f" until {in_london(ends_at)}" if ends_at else ""
    return RetryDecision.retry(
        max(requested, min(pause, left)), reason=f"{failed}; this may pass, so it is retried{until}"
    )


def attempt_in(context: Mapping[str, Any] | None, try_number: int, max_tries: int) -> Attempt:
    """What Airflow's context says about an attempt. Without a context it is one of a manual run."""
    if context is None:
        return Attempt(try_number, None)
    task = context["ti"].task
    # A clear adds the task's retries to the tries that it has had.
    number = max(1, try_number - (max_tries - task.retries))
    return Attempt(number, _retries_end(context, task.task_id), task.pool == "sofasport")


def _retries_end(context: Mapping[str, Any], task_id: str) -> datetime | None:
    """Until when a task of a run may be tried again, by the wall clock: backfill runs are of past weeks."""
    dag_run, dag_id = context["dag_run"], context["dag"].dag_id
    run_type = str(getattr(dag_run.run_type, "value", dag_run.run_type))
    if run_type not in UNATTENDED or dag_run.start_date is None or dag_id not in PIPELINES:
        return None
    # Airflow passes its own subclass of datetime.
    started = datetime.fromisoformat(dag_run.start_date.isoformat())
    return started + WAIT_LIMIT if task_id.startswith(WAIT_PREFIX) else retries_end(dag_id, started)


def is_late_retry(context: Mapping[str, Any]) -> bool:
    """Whether a task has had its first attempt and the few retries, so that an outage lasts."""
    ti = context["ti"]
    if getattr(ti, "task", None) is None:
        return False
    return attempt_in(context, ti.try_number, ti.max_tries).number > FEW_RETRIES + 1


class UntilNeeded(RetryPolicy):
    """Retries what may pass until shortly before the next pipeline needs the run."""

    def evaluate(
        self, exception: BaseException, try_number: int, max_tries: int, context: Mapping[str, Any] | None = None
    ) -> RetryDecision:
        """Decide whether and when to retry after one failure."""
        return decide(exception, attempt_in(context, try_number, max_tries), datetime.now(UTC))


RETRY_POLICY = UntilNeeded()
