"""The plugin registers the JSON API, and only a process that serves it loads FastAPI."""

import asyncio
import subprocess
import sys
from contextlib import nullcontext
from threading import Event
from unittest.mock import AsyncMock

import pytest
from airflow import plugins_manager
from airflow.api_fastapi.auth.managers.models.resource_details import DagDetails
from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
from airflow.api_fastapi.core_api import security
from airflow.models import DagModel
from fastapi import FastAPI, HTTPException, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from fpl_pulse.airflow import web
from fpl_pulse.airflow.web import VIEWS, MountedApi
from fpl_pulse.web.people import User, current_user
from fpl_pulse.web.pictures.drawing import Pictures


def test_airflow_mounts_the_api_below_one_prefix() -> None:
    apps, _ = plugins_manager.get_fastapi_plugins()
    ours = [app for app in apps if app["name"] == "FPL Pulse"]
    assert [app["url_prefix"] for app in ours] == ["/fpl-pulse"]
    assert isinstance(ours[0]["app"], MountedApi)


def test_the_plugin_loads_neither_the_application_nor_its_pool() -> None:
    code = (
        "import sys, fpl_pulse.airflow.web\n"
        "print([name for name in sys.modules if name.startswith(('fastapi', 'psycopg', 'fpl_pulse.web'))])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_the_first_requests_make_one_application_and_keep_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    importing, imported = Event(), Event()
    served: list[str] = []
    made: list[int] = []

    async def application(scope: Scope, _: Receive, __: Send) -> None:
        served.append(scope["path"])

    def make() -> ASGIApp:
        made.append(1)
        importing.set()
        assert imported.wait(10), "the event loop does not run while the application is imported"
        return application

    monkeypatch.setattr(web, "_app", make)

    async def requests() -> None:
        mounted = MountedApi()

        async def answered(path: str) -> None:
            await mounted({"type": "http", "path": path}, AsyncMock(), AsyncMock())

        first = [asyncio.create_task(answered(path)) for path in ("/week/", "/data/")]
        while not importing.is_set():
            await asyncio.sleep(0.01)
        # This is what Airflow's own requests need.
        imported.set()
        await asyncio.gather(*first)
        await answered("/players/")

    asyncio.run(requests())
    assert len(made) == 1
    assert sorted(served) == ["/data/", "/players/", "/week/"]


def test_the_tab_of_a_run_is_on_the_pages_of_runs_and_tasks() -> None:
    hrefs = {view["destination"]: view["href"] for view in VIEWS}
    assert hrefs["dag_run"] == "fpl-pulse/runs/{DAG_ID}/{RUN_ID}/"
    assert hrefs["task_instance"] == "fpl-pulse/runs/{DAG_ID}/{RUN_ID}/?task={TASK_ID}"
    # Behind a reverse proxy with a prefix only a relative address is right.
    assert [href for href in hrefs.values() if href.startswith(("/", "http"))] == []
    assert len({view["url_route"] for view in VIEWS}) == len(VIEWS)


@pytest.mark.parametrize(
    ("granted", "may_read", "may_decide"),
    [(set(), False, False), ({"GET"}, True, False), ({"GET", "PUT"}, True, True), ({"GET", "POST"}, True, False)],
)
def test_who_may_edit_the_dag_may_decide_and_who_may_see_it_may_read(
    granted: set[str], may_read: bool, may_decide: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str]] = []

    class Manager:
        def is_authorized_dag(self, *, method: str, details: DagDetails, **_: object) -> bool:
            asked.append((method, str(details.id)))
            return method in granted

    monkeypatch.setattr(security, "get_auth_manager", Manager)
    monkeypatch.setattr(DagModel, "get_team_name", lambda *_: None)
    prepared: list[Pictures] = []

    def prepare(pictures: Pictures) -> None:
        prepared.append(pictures)

    monkeypatch.setattr(Pictures, "prepare", prepare)
    app = web._app()
    assert isinstance(app, FastAPI)
    assert prepared == [app.state.pictures]
    request = Request({"type": "http", "headers": [], "path_params": {}, "query_string": b""})
    ann = SimpleAuthManagerUser(username="ann", role="viewer")
    assert app.dependency_overrides[current_user](request, ann) == User("ann", may_decide=may_decide)
    require_reader = app.router.dependencies[0].dependency
    assert require_reader
    with nullcontext() if may_read else pytest.raises(HTTPException):
        require_reader(request, ann)
    assert asked == [("PUT", "update_fixture_mappings"), ("GET", "update_fixture_mappings")]
