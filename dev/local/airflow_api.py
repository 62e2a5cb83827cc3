"""A small client of Airflow's REST API, for what the local stack does with it."""

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
    """Empty while Airflow has none."""
    try_number: int

    @property
    def label(self) -> str:
        """The name as the user interface writes it."""
        return self.task_id if self.map_index < 0 else f"{self.task_id}[{self.map_index}]"


class AirflowApi:
    """One Airflow, one user."""

    def __init__(self, url: str, user: str, password: str) -> None:
        """Choose the Airflow; the first call logs in."""
        self._url = url
        self._login = {"username": user, "password": password}
        self._session = local_session()

    def dag_ids(self) -> set[str]:
        """The DAGs that have been read without an error."""
        return {dag["dag_id"] for dag in self._pages("dags", "dags", {"exclude_stale": "true"})}

    def import_errors(self) -> dict[str, str]:
        """File of `dags/` to the error that it could not be read with."""
        errors = self._pages("importErrors", "import_errors")
        return {error["filename"]: error["stack_trace"] for error in errors}

    def unpause(self, dag_id: str) -> None:
        """Let the scheduler run the DAG."""
        self._call("PATCH", f"dags/{dag_id}", {"is_paused": False})

    def run_ids(self, dag_id: str, states: Sequence[str] = ()) -> set[str]:
        """The runs of a DAG, all or those in one of the states."""
        parameters: dict[str, Any] = {"state": list(states)} if states else {}
        return {run["dag_run_id"] for run in self._pages(f"dags/{dag_id}/dagRuns", "dag_runs", parameters)}

    def trigger(
        self,
        dag_id: str,
        run_id: str,
        logical_date: datetime | None,
        conf: Mapping[str, object] | None = None,
    ) -> None:
        """Have the scheduler run a DAG now, with or without a logical date."""
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
        """End a run that nobody works on any more."""
        self._call("PATCH", f"dags/{dag_id}/dagRuns/{_quoted(run_id)}", {"state": "failed"})

    def clear_run(self, dag_id: str, run_id: str) -> None:
        """Have every task of a run done again."""
        self._call("POST", f"dags/{dag_id}/dagRuns/{_quoted(run_id)}/clear", {"dry_run": False})

    def task_states(self, dag_id: str, run_id: str) -> list[TaskState]:
        """Every task instance of a run."""
        path = f"dags/{dag_id}/dagRuns/{_quoted(run_id)}/taskInstances"
        return [
            TaskState(one["task_id"], one["map_index"], one["state"] or "", one["try_number"])
            for one in self._pages(path, "task_instances")
        ]

    def log_lines(self, dag_id: str, run_id: str, task: TaskState) -> list[str]:
        """What a task's newest try wrote, a line an event, errors with their text."""
        instance = f"dags/{dag_id}/dagRuns/{_quoted(run_id)}/taskInstances/{task.task_id}"
        path = f"{instance}/logs/{max(task.try_number, 1)}"
        answer = self._call("GET", path, parameters={"map_index": task.map_index, "full_content": "true"})
        return [line for event in answer["content"] for line in _event_lines(event)]

    def set_pool(self, name: str, slots: int, description: str) -> None:
        """Make a pool, or change the size of the one there is."""
        body = {"name": name, "slots": slots, "description": description, "include_deferred": False}
        if any(pool["name"] == name for pool in self._pages("pools", "pools")):
            self._call("PATCH", f"pools/{name}", body)
        else:
            self._call("POST", "pools", body)

    def _pages(
        self, path: str, key: str, parameters: Mapping[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while True:
            window = {"limit": _PAGE, "offset": len(found), **(parameters or {})}
            answer = self._call("GET", path, parameters=window)
            found += answer[key]
            if not answer[key] or len(found) >= answer["total_entries"]:
                return found

    def _log_in(self) -> None:
        answer = self._session.post(f"{self._url}/auth/token", json=self._login, timeout=_TIMEOUT_S)
        if not answer.ok:
            raise LocalStackError(f"Airflow at {self._url} refused the login with HTTP {answer.status_code}.")
        self._session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def _call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        parameters: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        if "Authorization" not in self._session.headers:
            self._log_in()
        try:
            answer = self._session.request(
                method,
                f"{self._url}/api/v2/{path}",
                json=body,
                params=parameters,
                timeout=_TIMEOUT_S,
                headers={"Accept": "application/json"},
            )
        except requests.RequestException as error:
            raise LocalStackError(
                f"Airflow at {self._url} does not answer {method} {path}: {error}"
            ) from error
        if not answer.ok:
            raise LocalStackError(
                f"Airflow answered {method} {path} with HTTP {answer.status_code}: {answer.text[:300]}"
            )
        result: dict[str, Any] = answer.json() if answer.content else {}
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
