"""The pipelines' own metrics: calls, quota, rows and coverage (docs/metrics.md).

They are sent by Airflow's client, so the settings of Airflow's metrics apply to them too. An error while sending is
logged and never fails a task. While metrics are off, no query is made for them.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from airflow.sdk.configuration import conf
from airflow.sdk.observability import stats
from psycopg import Connection

from fpl_pulse.api.calls import Call
from fpl_pulse.store.runs import Figures, Run, figures

log = logging.getLogger(__name__)


def count_call(call: Call) -> None:
    """Send one HTTP call with its outcome, and the remaining quota if the response says it."""
    if are_on():
        with _logging_errors():
            api = call.resource.api
            _send(stats.incr, "calls", 1, api=api, outcome=call.outcome)
            if call.quota_remaining is not None:
                _send(stats.gauge, "quota_left", call.quota_remaining, api=api)


@contextmanager
def step_metrics(conn: Connection[Any], run: Run) -> Iterator[None]:
    """Send the rows that a task writes, also if it fails; for a check, the coverage too. The run's row must exist."""
    before: Figures | None = None
    if are_on():
        with _logging_errors():
            before = figures(conn, run)
    try:
        yield
    finally:
        if before is not None:
            with _logging_errors():
                _send_figures(run, before, figures(conn, run))


def _send_figures(run: Run, before: Figures, after: Figures) -> None:
    for kind, rows in (("inserted", after.inserted - before.inserted), ("updated", after.updated - before.updated)):
        if rows > 0:
            _send(stats.incr, "rows", rows, dag_id=run.dag_id, kind=kind)
    # Only checks compute the coverage.
    if run.task_id.startswith("check_"):
        for thing, counted in after.coverage.items():
            share = counted["have"] / counted["want"] if counted["want"] else 1.0
            _send(stats.gauge, "coverage", round(share, 4), dag_id=run.dag_id, thing=thing)


def are_on() -> bool:
    """Whether Airflow sends metrics."""
    return any(_is_on(switch) for switch in ("statsd_on", "statsd_datadog_enabled", "otel_on"))


def carry_tags() -> bool:
    """Whether Airflow's client sends tags; plain StatsD has none. Airflow chooses its client in the same order."""
    if _is_on("statsd_datadog_enabled"):
        return _is_on("statsd_datadog_metrics_tags")
    return not _is_on("statsd_on") or _is_on("statsd_influxdb_enabled")


def _is_on(option: str) -> bool:
    return bool(conf.getboolean("metrics", option, fallback=False))


def _send(send: Callable[..., None], name: str, value: float, **tags: str) -> None:
    """Send a metric with its tags. A client without tags gets their values as parts of the name."""
    # A dot would add a level to the name.
    clean = {
        tag: stats.normalize_name_for_stats(text, log_warning=False).replace(".", "__") for tag, text in tags.items()
    }
    if carry_tags():
        send(f"fpl_pulse.{name}", value, tags=clean)
    else:
        send(".".join(["fpl_pulse", name, *clean.values()]), value)


@contextmanager
def _logging_errors() -> Iterator[None]:
    try:
        yield
    except Exception:
        log.warning("A metric could not be sent", exc_info=True)
