"""The application: its routes, who may use them, and what surrounds every response."""

from collections.abc import Callable
from typing import Any

from fastapi import Depends, FastAPI, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from fpl_pulse.web import match_routes, player_routes, sofasport_routes, week_routes
from fpl_pulse.web.compression import Compression
from fpl_pulse.web.database import MOST_CONNECTIONS, Database
from fpl_pulse.web.heads import Heads
from fpl_pulse.web.pages import (
    alert_forms,
    compare_page,
    data_page,
    gameweek_page,
    identities_page,
    identity_forms,
    match_page,
    pack_files,
    player_page,
    players_page,
    run_page,
    static_files,
    week_page,
)
from fpl_pulse.web.pages.rendering import show_problem
from fpl_pulse.web.parameters import refuse_repeated_parameters
from fpl_pulse.web.people import People, current_user
from fpl_pulse.web.pictures import gameweek_pictures, match_pictures, player_pictures
from fpl_pulse.web.pictures.drawing import Pictures
from fpl_pulse.web.problems import Problem, handle_errors
from fpl_pulse.web.turns import Turns
from fpl_pulse.web.validators import Validators

DESCRIPTION = """\
Premier League data of two sources: Fantasy Premier League and SofaSport. All addresses are read-only. Times are UTC.
Errors are problems (RFC 9457). Every response has an `ETag`: send it back as `If-None-Match`, and a response that has
not changed since is not sent again."""
SMALLEST_COMPRESSED = 1_000
MOST_DRAWINGS = 2
"""Requests for pictures at the same time: one reads its data while another is drawn."""
PICTURES = (gameweek_pictures.router, match_pictures.router, player_pictures.router)
PAGES = (
    static_files.router,
    week_page.router,
    alert_forms.router,
    match_page.router,
    gameweek_page.router,
    players_page.router,
    player_page.router,
    compare_page.router,
    identities_page.router,
    identity_forms.router,
    data_page.router,
    pack_files.router,
    run_page.router,
)
ROUTERS = (sofasport_routes.router, player_routes.router, match_routes.router, week_routes.router)


def create_app(database: Database, require_reader: Callable[..., object], people: People | None = None) -> FastAPI:
    """The application on a database.

    Args:
        database: where requests read.
        require_reader: a dependency of FastAPI that refuses a request with 401 or 403. It guards every route.
        people: the login of people. Without it there are no pages, only the API.
    """
    # FastAPI's own pages would be open to everybody, and load scripts from elsewhere.
    app = FastAPI(
        title="FPL Pulse",
        description=DESCRIPTION,
        version="1",
        dependencies=[Depends(require_reader), Depends(refuse_repeated_parameters)],
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    app.state.database = database
    for router in ROUTERS:
        app.include_router(router)
    if people:
        app.state.people = people
        app.state.show_problem = show_problem
        app.dependency_overrides[current_user] = people.user
        app.state.pictures = Pictures()
        for router in (*PAGES, *PICTURES):
            app.include_router(router)
    app.get("/openapi.json", include_in_schema=False)(_show_openapi)
    app.add_middleware(Turns, places=MOST_CONNECTIONS - MOST_DRAWINGS, drawings=MOST_DRAWINGS)
    app.add_middleware(Validators)
    app.add_middleware(Compression, minimum_size=SMALLEST_COMPRESSED)
    app.add_middleware(FinalSlash)
    app.add_middleware(Heads)
    handle_errors(app)
    return app


def _show_openapi(request: Request) -> dict[str, Any]:
    document = dict(request.app.openapi())
    document["servers"] = [{"url": request.scope.get("root_path") or "/"}]
    components = document.setdefault("components", {}).setdefault("schemas", {})
    document["components"]["schemas"] = {
        **components,
        "Problem": Problem.model_json_schema(ref_template="#/components/schemas/{model}"),
    }
    return document


class FinalSlash:
    """ASGI middleware that serves an address without the final slash like the one with it.

    A redirect would name an absolute address, which is wrong behind a reverse proxy.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        path = scope.get("path", "")
        # The last part of a file's address has a dot: `/static/pulse.css`.
        if scope["type"] == "http" and not path.endswith("/") and "." not in path.rpartition("/")[2]:
            scope = {**scope, "path": f"{path}/", "fpl_pulse.asked_path": path}
        await self._app(scope, receive, send)
