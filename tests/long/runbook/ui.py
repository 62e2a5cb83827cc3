"""What an operator does in Airflow's UI, through the REST API that the UI uses: one function for each action."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from dev.local.week_run import PlannedRun
from tests.long.airflow_under_test import AirflowUnderTest


def trigger(stack: AirflowUnderTest, dag_id: str, conf: Mapping[str, object] | None = None) -> str:
    """*Trigger* on a DAG, with its form as JSON. Returns the run id, which has the form that the UI gives it."""
    run_id = f"manual__{datetime.now(UTC).isoformat()}"
    stack.airflow.trigger(dag_id, run_id, None, conf)
    return run_id


def pause(stack: AirflowUnderTest, dag_id: str) -> None:
    """The switch of a DAG, to off."""
    stack.airflow._call("PATCH", f"dags/{dag_id}", {"is_paused": True})


def unpause(stack: AirflowUnderTest, dag_id: str) -> None:
    """The switch of a DAG, to on."""
    stack.airflow.unpause(dag_id)


def clear_only_failed(stack: AirflowUnderTest, planned: PlannedRun, run_id: str) -> None:
    """*Clear* on a run, then *Clear only failed tasks*."""
    stack.airflow._call("POST", f"{_run(planned, run_id)}/clear", {"dry_run": False, "only_failed": True})


def clear(stack: AirflowUnderTest, planned: PlannedRun, run_id: str, task_id: str, *, downstream: bool = True) -> None:
    """*Clear* on a task. *Downstream* is selected in the dialog of Airflow 3.3 when it opens."""
    body = {
        "dry_run": False,
        "dag_run_id": run_id,
        "task_ids": [task_id],
        "only_failed": False,
        "include_downstream": downstream,
    }
    stack.airflow._call("POST", f"dags/{planned.slot.dag_id}/clearTaskInstances", body)


def mark_run(stack: AirflowUnderTest, planned: PlannedRun, run_id: str, state: str) -> None:
    """*Mark run as…*: `success` or `failed`."""
    stack.airflow._call("PATCH", _run(planned, run_id), {"state": state})


def mark_task(stack: AirflowUnderTest, planned: PlannedRun, run_id: str, task_id: str, state: str) -> None:
    """*Mark task as…* on each instance of a task that is not finished: `success` or `failed`."""
    for task in stack.airflow.task_states(planned.slot.dag_id, run_id):
        if task.task_id == task_id and task.state not in ("success", "failed"):
            index = "" if task.map_index < 0 else f"/{task.map_index}"
            path = f"{_run(planned, run_id)}/taskInstances/{task_id}{index}"
            stack.airflow._call("PATCH", path, {"new_state": state})


def run_details(stack: AirflowUnderTest, planned: PlannedRun, run_id: str) -> dict[str, Any]:
    """The page of a run: its state, type and note."""
    return stack.airflow._call("GET", _run(planned, run_id))


def log(stack: AirflowUnderTest, planned: PlannedRun, run_id: str, task_id: str) -> list[str]:
    """The log of a task's newest try; of a mapped task, that of an instance that has not succeeded."""
    found = [one for one in stack.airflow.task_states(planned.slot.dag_id, run_id) if one.task_id == task_id]
    red = next((one for one in found if one.state != "success"), found[0])
    return stack.airflow.log_lines(planned.slot.dag_id, run_id, red)


def delete_run(stack: AirflowUnderTest, dag_id: str, run_id: str) -> None:
    """*Delete* on a run."""
    stack.airflow._call("DELETE", f"dags/{dag_id}/dagRuns/{quote(run_id, safe='')}")


def _run(planned: PlannedRun, run_id: str) -> str:
    return f"dags/{planned.slot.dag_id}/dagRuns/{quote(run_id, safe='')}"
