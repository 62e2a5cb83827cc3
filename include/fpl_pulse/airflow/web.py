"""The JSON API inside Airflow's API server: its login, and the connection `fpl_postgres`."""

import asyncio
from threading import Lock

from starlette.types import ASGIApp, Receive, Scope, Send

from fpl_pulse.week import WEEK

VIEWS = [
    {
        "name": "FPL Pulse",
        "href": "fpl-pulse/week/",
        "icon": "fpl-pulse/static/pulse.svg",
        "destination": "nav",
        "url_route": "fpl-pulse",
    },
    {
        "name": "FPL Pulse",
        "href": "fpl-pulse/runs/{DAG_ID}/{RUN_ID}/",
        "icon": "fpl-pulse/static/pulse.svg",
        "destination": "dag_run",
        "url_route": "fpl-pulse-run",
    },
    {
        "name": "FPL Pulse",
        "href": "fpl-pulse/runs/{DAG_ID}/{RUN_ID}/?task={TASK_ID}",
        "icon": "fpl-pulse/static/pulse.svg",
        "destination": "task_instance",
        "url_route": "fpl-pulse-task",
    },
]
"""The entries of the pages in Airflow's UI. Addresses are relative, so that they work behind a reverse proxy.
Airflow fills in the ids. A tab appears on every DAG: the page says when a DAG is none of ours."""


class MountedApi:
    """The application that Airflow mounts. It is made with the first request.

    Every process of Airflow loads the plugin, tasks too, and only the API server needs FastAPI and matplotlib.
    """

    def __init__(self) -> None:
        self._app: ASGIApp | None = None
        self._lock = Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        app = self._app
        if app is None:
            # Importing takes some seconds, in which the API server has to answer Airflow's tasks.
            app = await asyncio.to_thread(self._made)
        await app(scope, receive, send)

    def _made(self) -> ASGIApp:
        with self._lock:
            if self._app is None:
                self._app = _app()
            return self._app


def _app() -> ASGIApp:
    from airflow.api_fastapi.core_api.security import GetUserDep, requires_access_dag
    from airflow.providers.common.compat.sdk import conf
    from fastapi import HTTPException, Request

    from fpl_pulse.airflow.connections import connect
    from fpl_pulse.web.app import create_app
    from fpl_pulse.web.database import Database
    from fpl_pulse.web.form_tokens import FormTokens
    from fpl_pulse.web.people import People, User

    # Who may see the pipelines may see their data, and who may edit them may decide about links.
    may_read = requires_access_dag("GET", param_dag_id=WEEK[0].dag_id)
    may_edit = requires_access_dag("PUT", param_dag_id=WEEK[0].dag_id)

    def user_of(request: Request, user: GetUserDep) -> User:
        try:
            may_edit(request, user)
        except HTTPException:
            return User(user.get_name(), may_decide=False)
        return User(user.get_name(), may_decide=True)

    app = create_app(Database(connect), may_read, People(user_of, connect, FormTokens(conf.get("api", "secret_key"))))
    app.state.pictures.prepare()
    return app
