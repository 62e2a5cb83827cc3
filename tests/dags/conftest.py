"""The DAGs as Airflow reads them, once for all tests; and a way to run a function as a task."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Protocol

import psycopg
import pytest

if TYPE_CHECKING:
    # At run time only inside the fixture: the tests must set the environment before they import Airflow.
    from airflow.dag_processing.dagbag import DagBag

    from fpl_pulse.etl.context import StepContext


NOW = datetime(2025, 10, 14, 3, tzinfo=UTC)
DAGS = Path(__file__).resolve().parents[2] / "dags"


@pytest.fixture(scope="session")
def bag() -> "DagBag":
    """The DAG bag of the folder `dags/`."""
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(str(DAGS))


@pytest.fixture(scope="session")
def dags(bag: "DagBag") -> dict[str, Any]:
    """DAGs by id."""
    return dict(bag.dags)


def context_of(
    dag: Any,  # noqa: ANN401
    conf: dict[str, Any] | None,
    task_id: str = "a_task",
    started: datetime = NOW,
    try_number: int = 1,
) -> dict[str, Any]:
    """Airflow's context of a task in a manual run. As in Airflow, the conf overrides the DAG's params."""
    params = {name: dag.params.get_param(name).value for name in dag.params} | (conf or {})
    return {
        "dag": dag,
        "params": params,
        "dag_run": SimpleNamespace(conf=conf, logical_date=None, run_after=NOW, run_type="manual", start_date=started),
        "ti": SimpleNamespace(
            dag_id=dag.dag_id,
            run_id="manual__x",
            task_id=task_id,
            map_index=-1,
            try_number=try_number,
            xcom_push=lambda **_: None,
        ),
    }


class RunTask(Protocol):
    """Runs a function as the step of a task."""

    def __call__(
        self,
        task_id: str,
        function: "Callable[[StepContext], Any]",
        conf: Mapping[str, Any] | None = None,
        *,
        started: datetime = NOW,
        try_number: int = 1,
    ) -> Any:  # noqa: ANN401 - the step's result
        """The step's result. `started` is when Airflow started the run, for the last time if it was cleared."""


@pytest.fixture
def run_task(dags: dict[str, Any], dsn: str, monkeypatch: pytest.MonkeyPatch) -> RunTask:
    """Runs a function as a step of `collect_heatmaps`, with a real database and the real API clients."""
    from fpl_pulse.airflow import connections, steps

    monkeypatch.setattr(connections, "connect", lambda: psycopg.connect(dsn, autocommit=True))
    for name, password in (("FPL_API", None), ("SOFASPORT_API", "a-key")):
        connection = {"conn_type": "http", "host": "http://127.0.0.1", "password": password}
        monkeypatch.setenv(f"AIRFLOW_CONN_{name}", json.dumps(connection))

    def run(
        task_id: str,
        function: "Callable[[StepContext], Any]",
        conf: Mapping[str, Any] | None = None,
        *,
        started: datetime = NOW,
        try_number: int = 1,
    ) -> Any:  # noqa: ANN401 - the step's result
        context = context_of(dags["collect_heatmaps"], dict(conf or {}), task_id, started, try_number)
        monkeypatch.setattr(steps, "get_current_context", lambda: context)
        return steps.step(function, opens_run=task_id.startswith("plan_"), reopens_run=task_id.startswith("replan_"))()

    return run
