"""How the fetch tasks of a run share an outage of hours: few calls find out whether the source is back.

Airflow retries each task of its own. Without this module each retry of each task would make several calls in vain, and
spend a quota that the week needs.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from fpl_pulse.api.calls import Resource
from fpl_pulse.errors import NoDataError, QuotaPauseError, RetryableError
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.queries import query
from fpl_pulse.store.overlap import one_task_looks
from fpl_pulse.week import in_london

SHORTEST_PAUSE_S = 300.0
"""After so many seconds a task makes a call again: only its response says whether the hour is over."""


@contextmanager
def looking(context: StepContext, endpoint: str, units: Sequence[int]) -> Iterator[None]:
    """Make the first calls of a retry while no other task of the run does.

    Args:
        context: the step's tools.
        endpoint: where the calls go, as in the archive.
        units: the ids of the task's matches or clubs.

    Raises:
        RetryableError: another task has just found that the source is down; also when one looks for too long. A task
            looks itself at least once an hour, so one match that always fails does not hide that others would not.
    """
    with one_task_looks(context.conn, context.run, endpoint):
        found = context.records(query("source_is_down"), endpoint=endpoint, units=list(units))
        if found[0]["is_down"]:
            raise RetryableError(
                f"{endpoint}: the source is still down, as another task of this run found on"
                f" {in_london(found[0]['found_at'])}. This task made no call."
            )
        yield


def require_quota(context: StepContext, endpoint: str) -> None:
    """Make no call while the quota of an hour is spent, as another task has just found.

    Raises:
        QuotaPauseError: it is spent.
    """
    found = context.records(query("quota_pause"), pause_s=SHORTEST_PAUSE_S)
    if found:
        at = in_london(found[0]["found_at"])
        raise QuotaPauseError(
            f"{endpoint}: the quota of this hour is spent, as another task found on {at}. This task made no call.",
            SHORTEST_PAUSE_S,
        )


def answers(context: StepContext, resource: Resource) -> bool:
    """Whether the source answers a call now, with or without data."""
    try:
        context.apis[resource.api].get(resource, "control")
    except NoDataError:
        return True
    except RetryableError:
        return False
    return True


def answered(context: StepContext, endpoint: str) -> Mapping[str, int] | None:
    """The ids of a call to an endpoint that the source has answered in this run; None when there is none."""
    found = context.records(query("answered_call"), endpoint=endpoint)
    return {name: value for name, value in found[0].items() if value is not None} if found else None
