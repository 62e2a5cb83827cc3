"""The pipelines' own metrics: calls, quota, rows and coverage (docs/metrics.md).

They are sent by Airflow's client, so the settings of Airflow's metrics apply to them too. An error while sending is
logged and never fails a task. While metrics are off, no query is made for them.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from airflow.sdk.configuration import conf
from airflow.sdk.observability import stats
from psycopg import Connection

from fpl_pulse.api.calls import Call
from fpl_pulse.store.runs import Figures, Run, figures

log = logging.getLogger(__name__)

CALLS = "fpl_pulse.calls"
QUOTA_LEFT = "fpl_pulse.quota_left"
ROWS = "fpl_pulse.rows"
COVERAGE = "fpl_pulse.coverage"

SWITCHES = ("statsd_on", "statsd_datadog_enabled", "otel_on")
CHECK = "check_"
"""How the id of every check begins. A check computes the coverage."""

Tags = Mapping[str, str]


def count_call(call: Call) -> None:
    """Send one HTTP call with its outcome, and the remaining quota if the response says it."""

    def count() -> None:
        _count(CALLS, 1, {"api": call.resource.api, "outcome": call.outcome})
        if call.quota_remaining is not None:
            _set(QUOTA_LEFT, call.quota_remaining, {"api": call.resource.api})

    if are_on():
        _logging_errors(count)


class StepMetrics:
    """The rows that one task writes and, for a check, the coverage that it finds."""

    def __init__(self, conn: Connection[Any], run: Run) -> None:
        """Read the run's figures before the task starts. The run's row must exist."""
        self._conn = conn
        self._run = run
        self._before: Figures | None = None
        if are_on():
            _logging_errors(self._read_figures)

    def send(self) -> None:
        """Send what the task has written, also if it failed."""
        if self._before is not None:
            _logging_errors(self._send)

    def _read_figures(self) -> None:
        self._before = figures(self._conn, self._run)

    def _send(self) -> None:
        before, after = self._before, figures(self._conn, self._run)
        if before is None:
            return
        dag_id = self._run.dag_id
        for kind, rows in (("inserted", after.inserted - before.inserted), ("updated", after.updated - before.updated)):
            if rows > 0:
                _count(ROWS, rows, {"dag_id": dag_id, "kind": kind})
        if self._run.task_id.startswith(CHECK):
            for thing, counted in after.coverage.items():
                share = counted["have"] / counted["want"] if counted["want"] else 1.0
                _set(COVERAGE, round(share, 4), {"dag_id": dag_id, "thing": thing})


def are_on() -> bool:
    """Whether Airflow sends metrics."""
    return any(_is_on(switch) for switch in SWITCHES)


def carry_tags() -> bool:
    """Whether Airflow's client sends tags; plain StatsD has none. Airflow chooses its client in the same order."""
    if _is_on("statsd_datadog_enabled"):
        return _is_on("statsd_datadog_metrics_tags")
    return not _is_on("statsd_on") or _is_on("statsd_influxdb_enabled")


def _is_on(option: str) -> bool:
    return bool(conf.getboolean("metrics", option, fallback=False))


def _count(name: str, count: int, tags: Tags) -> None:
    name, sent_tags = _name_and_tags(name, tags)
    stats.incr(name, count, tags=sent_tags)


def _set(name: str, value: float, tags: Tags) -> None:
    name, sent_tags = _name_and_tags(name, tags)
    stats.gauge(name, value, tags=sent_tags)


def _name_and_tags(name: str, tags: Tags) -> tuple[str, dict[str, str] | None]:
    """A metric's name and tags. Without tags, their values become parts of the name."""
    # A dot would add a level to the name.
    clean = {
        tag: stats.normalize_name_for_stats(value, log_warning=False).replace(".", "__") for tag, value in tags.items()
    }
    return (name, clean) if carry_tags() else (".".join([name, *clean.values()]), None)


def _logging_errors(send: Callable[[], None]) -> None:
    try:
        send()
    except Exception:
        log.warning("A metric could not be sent", exc_info=True)
