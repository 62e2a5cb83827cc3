"""The pipelines' own metrics, as a StatsD server on loopback receives them from running tasks."""

import gc
import socket
import warnings
from collections.abc import Callable, Iterator

import pytest
from airflow.sdk.configuration import conf
from airflow.sdk.observability import stats
from airflow.sdk.observability.metrics.stats_utils import get_stats_factory

from fpl_pulse.airflow import metrics
from fpl_pulse.api.calls import Call, Resource
from fpl_pulse.errors import CheckFailedError
from fpl_pulse.etl.context import StepContext
from fpl_pulse.store import runs
from fpl_pulse.store.merge import Written
from tests.dags.conftest import RunTask


class Sink:
    """A StatsD server that keeps what it receives."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(0.3)

    @property
    def port(self) -> int:
        """The port on which it listens."""
        return int(self.socket.getsockname()[1])

    def lines(self) -> list[str]:
        """The lines received since the last call, in order."""
        found: list[str] = []
        while True:
            try:
                found += self.socket.recv(65536).decode().splitlines()
            except TimeoutError:
                return found


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A StatsD server on loopback."""
    server = Sink()
    yield server
    server.socket.close()


@pytest.fixture
def switch(monkeypatch: pytest.MonkeyPatch, sink: Sink) -> Iterator[Callable[..., None]]:
    """Sets options of [metrics] in the environment and starts Airflow's client as its task runner does."""

    def set_metrics(**settings: str) -> None:
        for name, value in {"statsd_host": "127.0.0.1", "statsd_port": str(sink.port), **settings}.items():
            monkeypatch.setenv(f"AIRFLOW__METRICS__{name.upper()}", value)
        stats.initialize(factory=get_stats_factory(), export_legacy_names=conf.getboolean("metrics", "legacy_names_on"))

    yield set_metrics
    monkeypatch.undo()
    with warnings.catch_warnings():
        # Airflow never closes the socket of the client that it replaces.
        warnings.simplefilter("ignore", ResourceWarning)
        stats.initialize(factory=get_stats_factory(), export_legacy_names=True)
        gc.collect()


def call(outcome: str = "fetched", quota: int | None = 4321) -> Call:
    resource = Resource("sofasport", "players/heatmap", "/v1/players/heatmap")
    return Call(resource, "heatmaps", 1, 200, outcome, 0.1, 10, quota)


def run_pipeline(run_task: RunTask) -> None:
    """A plan that makes calls, a load that writes, and a check that fails."""

    def plan(context: StepContext) -> None:
        for made in (call(), call("RetryableError", None)):
            context.apis["sofasport"]._record(made)

    def load(context: StepContext) -> None:
        context.record_written("heatmaps", Written(inserted=7, updated=2, deleted=1))

    def check(context: StepContext) -> None:
        coverage = {"players with minutes": {"have": 3, "want": 4}, "matches": {"have": 0, "want": 0}}
        runs.finish(context.conn, context.run, "failed", "too few", coverage)
        raise CheckFailedError(["too few"])

    run_task("plan_heatmaps", plan)
    run_task("load_heatmaps", load)
    with pytest.raises(CheckFailedError):
        run_task("check_heatmaps", check)


def test_plain_statsd_gets_the_tags_as_parts_of_the_name(
    switch: Callable[..., None], sink: Sink, run_task: RunTask
) -> None:
    switch(statsd_on="True")
    run_pipeline(run_task)
    assert sink.lines() == [
        "airflow.fpl_pulse.calls.sofasport.fetched:1|c",
        "airflow.fpl_pulse.quota_left.sofasport:4321|g",
        "airflow.fpl_pulse.calls.sofasport.RetryableError:1|c",
        "airflow.fpl_pulse.rows.collect_heatmaps.inserted:7|c",
        "airflow.fpl_pulse.rows.collect_heatmaps.updated:3|c",
        "airflow.fpl_pulse.coverage.collect_heatmaps.matches:1.0|g",
        "airflow.fpl_pulse.coverage.collect_heatmaps.players_with_minutes:0.75|g",
    ]


def test_influxdb_statsd_gets_the_tags_as_tags(switch: Callable[..., None], sink: Sink, run_task: RunTask) -> None:
    switch(statsd_on="True", statsd_influxdb_enabled="True", statsd_prefix="pulse")
    run_pipeline(run_task)
    lines = sink.lines()
    assert "pulse.fpl_pulse.calls,api=sofasport,outcome=fetched:1|c" in lines
    assert "pulse.fpl_pulse.rows,dag_id=collect_heatmaps,kind=inserted:7|c" in lines
    assert "pulse.fpl_pulse.coverage,dag_id=collect_heatmaps,thing=players_with_minutes:0.75|g" in lines
    assert len(lines) == 7


def test_a_cleared_check_counts_no_row_twice(switch: Callable[..., None], sink: Sink, run_task: RunTask) -> None:
    switch(statsd_on="True")
    run_pipeline(run_task)
    sink.lines()
    run_task("check_heatmaps", lambda context: None)
    assert [line for line in sink.lines() if ".rows." in line] == []


def test_while_metrics_are_off_nothing_is_sent_and_no_query_is_made(
    switch: Callable[..., None], sink: Sink, run_task: RunTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unexpected(*_: object) -> None:
        raise AssertionError("the run's figures were read, or a warning was logged")

    monkeypatch.setattr(metrics, "figures", unexpected)
    monkeypatch.setattr(metrics.log, "warning", unexpected)
    switch()
    run_pipeline(run_task)
    assert sink.lines() == []


@pytest.mark.parametrize("settings", [{"statsd_port": "9"}, {"statsd_host": "nowhere.invalid"}])
def test_an_unreachable_server_fails_no_task(
    switch: Callable[..., None], run_task: RunTask, settings: dict[str, str]
) -> None:
    switch(statsd_on="True", **settings)
    run_pipeline(run_task)


def test_a_broken_client_fails_no_task(
    switch: Callable[..., None], run_task: RunTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch(statsd_on="True")

    sent: list[object] = []

    def broken(metric: object, *_: object, **__: object) -> None:
        sent.append(metric)
        raise ValueError("broken")

    monkeypatch.setattr(stats, "incr", broken)
    monkeypatch.setattr(stats, "gauge", broken)
    run_pipeline(run_task)
    assert sent


@pytest.mark.parametrize(
    ("settings", "is_tagged"),
    [
        ({"otel_on": "True"}, True),
        ({"statsd_on": "True", "otel_on": "True"}, False),
        ({"statsd_datadog_enabled": "True"}, True),
        ({"statsd_datadog_enabled": "True", "statsd_datadog_metrics_tags": "False"}, False),
    ],
)
def test_tags_are_sent_if_airflow_sends_tags(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], *, is_tagged: bool
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(f"AIRFLOW__METRICS__{name.upper()}", value)
    assert metrics.are_on()
    assert metrics.carry_tags() is is_tagged
