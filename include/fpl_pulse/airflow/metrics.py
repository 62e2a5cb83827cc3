"""What the pipelines tell Airflow's metrics: calls, the quota, rows and coverage (docs/metrics.md).

They go through Airflow's own client, so that one setting switches on its metrics and these. A metric is never worth a
run: whatever goes wrong here is logged, and nothing is looked up while the metrics are off.
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
"""How the last task of every pipeline begins: the one that finds the coverage."""

Tags = Mapping[str, str]


def count_call(call: Call) -> None:
    """Count one HTTP call by its outcome, and keep what is left of the quota."""

    def count() -> None:
        _count(CALLS, 1, {"api": call.resource.api, "outcome": call.outcome})
        if call.quota_remaining is not None:
            _keep(QUOTA_LEFT, call.quota_remaining, {"api": call.resource.api})

    if are_on():
        _harmlessly(count)


class StepMetrics:
    """What one task adds to the figures of its run: rows, and from the check the coverage."""

    def __init__(self, conn: Connection[Any], run: Run) -> None:
        """Note where the run stands; after its row has been opened."""
        self._conn = conn
        self._run = run
        self._before: Figures | None = None
        if are_on():
            _harmlessly(self._look)

    def send(self) -> None:
        """Count what the task has written since; also when it has failed."""
        if self._before is not None:
            _harmlessly(self._send)

    def _look(self) -> None:
        self._before = figures(self._conn, self._run)

    def _send(self) -> None:
        before, after = self._before, figures(self._conn, self._run)
        if before is None:
            return
        dag_id = self._run.dag_id
        for kind, rows in (
            ("inserted", after.inserted - before.inserted),
            ("updated", after.updated - before.updated),
        ):
            if rows > 0:
                _count(ROWS, rows, {"dag_id": dag_id, "kind": kind})
        if self._run.task_id.startswith(CHECK):
            for thing, counted in after.coverage.items():
                share = counted["have"] / counted["want"] if counted["want"] else 1.0
                _keep(COVERAGE, round(share, 4), {"dag_id": dag_id, "thing": thing})


def are_on() -> bool:
    """Whether Airflow sends metrics anywhere."""
    return any(_is_set(switch) for switch in SWITCHES)


def carry_tags() -> bool:
    """Whether what Airflow sends has tags. Plain StatsD has none; Airflow asks for its ways in this order."""
    if _is_set("statsd_datadog_enabled"):
        return _is_set("statsd_datadog_metrics_tags")
    return not _is_set("statsd_on") or _is_set("statsd_influxdb_enabled")


def _is_set(option: str) -> bool:
    return bool(conf.getboolean("metrics", option, fallback=False))


def _count(name: str, count: int, tags: Tags) -> None:
    name, sound = _named(name, tags)
    stats.incr(name, count, tags=sound)


def _keep(name: str, value: float, tags: Tags) -> None:
    name, sound = _named(name, tags)
    stats.gauge(name, value, tags=sound)


def _named(name: str, tags: Tags) -> tuple[str, dict[str, str] | None]:
    """A metric's name and tags; where there are no tags their values become parts of the name."""
    # A dot would be one more level of the name.
    sound = {
        tag: stats.normalize_name_for_stats(value, log_warning=False).replace(".", "__")
        for tag, value in tags.items()
    }
    return (name, sound) if carry_tags() else (".".join([name, *sound.values()]), None)


def _harmlessly(send: Callable[[], None]) -> None:
    try:
        send()
    except Exception:
        log.warning("A metric could not be sent", exc_info=True)
