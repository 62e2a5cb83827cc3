"""The JSON API inside Airflow's API server: its login, and the connection `fpl_postgres`."""

from starlette.types import ASGIApp, Receive, Scope, Send

from fpl_pulse.week import WEEK


class MountedApi:
    """The application that Airflow mounts. It is made with the first request.

    Every process of Airflow loads the plugin, tasks too, and only the API server needs FastAPI.
    """

    def __init__(self) -> None:
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if self._app is None:
            self._app = _app()
        await self._app(scope, receive, send)


def _app() -> ASGIApp:
    from airflow.api_fastapi.core_api.security import requires_access_dag

    from fpl_pulse.airflow.connections import connect
    from fpl_pulse.web.app import create_app
    from fpl_pulse.web.database import Database

    # Who may see the pipelines may see their data.
    return create_app(Database(connect), requires_access_dag("GET", param_dag_id=WEEK[0].dag_id))
