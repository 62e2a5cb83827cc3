"""A client for the parts of Airflow's REST API that the local stack uses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

import requests

from dev.local.errors import LocalStackError
from dev.local.processes import local_session

_TIMEOUT_S = 30
_PAGE = 100
FINISHED = ("success", "failed")


@dataclass(frozen=True)
class TaskState:
    """One task instance of a run."""

    task_id: str
    map_index: int
    state: str
    """Empty until the scheduler sets one."""
    try_number: int

    @property
    def label(self) -> str:
        """The name as the user interface shows it."""
        return self.task_id if self.map_index < 0 else f"{self.task_id}[{self.map_index}]"


class AirflowApi:
    """A client of one Airflow, logged in as one user."""

    def __init__(self, url: str, user: str, password: str) -> None:
        """Choose the Airflow. The first call logs in."""
        self._url = url
        self._login = {"username": user, "password": password}
        self._session = local_session()

    @property
    def url(self) -> str:
        """The address of the Airflow."""
        return self._url

    def token(self) -> str:
        """A token of the user, for other parts of the API server."""
        self._log_in()
        return str(self._session.headers["Authorization"]).removeprefix("Bearer ")

    def dag_ids(self) -> set[str]:
        """The DAGs that were parsed without an error."""
        return {dag["dag_id"] for dag in self.dags()}

    def dags(self) -> list[dict[str, Any]]:
        """The DAGs that were parsed without an error, as the REST API describes them."""
        return self._pages("dags", "dags", {"exclude_stale": "true"})

    def import_errors(self) -> dict[str, str]:
        """File in `dags/` to the error of its last parse."""
        errors = self._pages("importErrors", "import_errors")
        return {error["filename"]: error["stack_trace"] for error in errors}

    def unpause(self, dag_id: str) -> None:
        """Let the scheduler run the DAG."""
        self._call("PATCH", f"dags/{dag_id}", {"is_paused": False})

    def run_ids(self, dag_id: str, states: Sequence[str] = ()) -> set[str]:
        """The runs of a DAG, optionally only those in one of the states."""
        parameters: dict[str, Any] = {"state": list(states)} if states else {}
        return {run["dag_run_id"] for run in self._pages(f"dags/{dag_id}/dagRuns", "dag_runs", parameters)}

    def trigger(
        self, dag_id: str, run_id: str, logical_date: datetime | None, conf: Mapping[str, object] | None = None
    ) -> None:
        """Trigger a run of a DAG, with or without a logical date."""
        body = {
            "dag_run_id": run_id,
            "logical_date": None if logical_date is None else logical_date.isoformat(),
            "conf": dict(conf or {}),
        }
        self._call("POST", f"dags/{dag_id}/dagRuns", body)

    def run_state(self, dag_id: str, run_id: str) -> str:
        """`queued`, `running`, `success` or `failed`."""
        return str(self._call("GET", f"dags/{dag_id}/dagRuns/{_quoted(run_id)}")["state"])

    def fail_run(self, dag_id: str, run_id: str) -> None:
        """Mark a run as failed."""
        self._call("PATCH", f"dags/{dag_id}/dagRuns/{_quoted(run_id)}", {"state": "failed"})

    def clear_run(self, dag_id: str, run_id: str) -> None:
        """Clear every task of a run, so that the scheduler runs them again."""
        self._call("POST", f"dags/{dag_id}/dagRuns/{_quoted(run_id)}/clear", {"dry_run": False})

    def task_states(self, dag_id: str, run_id: str) -> list[TaskState]:
        """Every task instance of a run."""
        path = f"dags/{dag_id}/dagRuns/{_quoted(run_id)}/taskInstances"
        return [
            TaskState(one["task_id"], one["map_index"], one["state"] or "", one["try_number"])
            for one in self._pages(path, "task_instances")
        ]

    def log_lines(self, dag_id: str, run_id: str, task: TaskState) -> list[str]:
        """The log of a task's newest try: one line for each event, with the text of errors."""
        instance = f"dags/{dag_id}/dagRuns/{_quoted(run_id)}/taskInstances/{task.task_id}"
        path = f"{instance}/logs/{max(task.try_number, 1)}"
        response = self._call("GET", path, parameters={"map_index": task.map_index, "full_content": "true"})
        return [line for event in response["content"] for line in _event_lines(event)]

    def _pages(self, path: str, key: str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while True:
            window = {"limit": _PAGE, "offset": len(found), **(parameters or {})}
            response = self._call("GET", path, parameters=window)
            found += response[key]
            if not response[key] or len(found) >= response["total_entries"]:
                return found

    def _log_in(self) -> None:
        response = self._session.post(f"{self._url}/auth/token", json=self._login, timeout=_TIMEOUT_S)
        if not response.ok:
            raise LocalStackError(f"Airflow at {self._url} refused the login with HTTP {response.status_code}.")
        self._session.headers["Authorization"] = f"Bearer {response.json()['access_token']}"

    def _call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, parameters: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        if "Authorization" not in self._session.headers:
            self._log_in()
        try:
            response = self._session.request(
                method,
                f"{self._url}/api/v2/{path}",
                json=body,
                params=parameters,
                timeout=_TIMEOUT_S,
                headers={"Accept": "application/json"},
            )
        except requests.RequestException as error:
            raise LocalStackError(f"Airflow at {self._url} does not respond to {method} {path}: {error}") from error
        if not response.ok:
            raise LocalStackError(
                f"Airflow responded to {method} {path} with HTTP {response.status_code}: {response.text[:300]}"
            )
        result: dict[str, Any] = response.json() if response.content else {}
        return result


def _quoted(run_id: str) -> str:
    return quote(run_id, safe="")


def _event_lines(event: dict[str, Any] | str) -> list[str]:
    if isinstance(event, str):
        return event.splitlines()
    lines = [str(event.get("event", ""))]
    for detail in event.get("error_detail") or ():
        lines.append(f"{detail.get('exc_type', 'Error')}: {detail.get('exc_value', '')}")
    return lines
