"""The web application: both APIs behind the middleware, and the control routes."""

from collections.abc import Callable

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from dev.sandbox.control import Controls, control_routes
from dev.sandbox.limits import Limits, RequestCounter, Subscription
from dev.sandbox.middleware import FPL_PREFIX, SOFASPORT_PREFIX, RequestMiddleware
from dev.sandbox.routes import JSON, fpl_routes, sofasport_routes
from dev.sandbox.scenario import Scenario
from dev.sandbox.world import World, encode


def make_app(
    world: World,
    api_key: str,
    limits: Limits | None = None,
    *,
    control_from_anywhere: bool = False,
    on_clock: Callable[[int], None] = lambda _as_of: None,
) -> FastAPI:
    """The application for one world. By default, control routes accept requests from this machine only.

    `on_clock` is called with each new time of the clock (seconds since the epoch).
    """
    subscription, counter, scenario = Subscription(api_key, limits or Limits()), RequestCounter(), Scenario()
    app = FastAPI(title="FPL Pulse sandbox", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.world = world
    app.include_router(sofasport_routes)
    app.include_router(fpl_routes)
    app.include_router(control_routes(Controls(world, subscription, counter, scenario, on_clock)))
    app.add_exception_handler(RequestValidationError, bad_request)
    app.add_exception_handler(HTTPException, http_error)
    app.add_middleware(
        RequestMiddleware,
        world=world,
        subscription=subscription,
        counter=counter,
        scenario=scenario,
        control_from_anywhere=control_from_anywhere,
    )
    return app


def error_response(request: Request, status: int, message: str) -> Response:
    """An error in the format of its source: FPL has the key `detail`, the others `message`."""
    key = "detail" if request.url.path.startswith(FPL_PREFIX) else "message"
    return Response(encode({key: message}), status, media_type=JSON)


async def bad_request(request: Request, error: Exception) -> Response:
    """Wrong or missing parameters: 400 with the first error."""
    if not isinstance(error, RequestValidationError):
        raise error
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"][1:]) or "body"
    if first["type"] == "missing":
        return error_response(request, 400, f"The required parameter {name} is missing.")
    return error_response(request, 400, f"The parameter {name} is wrong: {first['msg']}.")


async def http_error(request: Request, error: Exception) -> Response:
    """Unknown endpoints and methods."""
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == 404 and request.url.path.startswith(SOFASPORT_PREFIX):
        return error_response(request, 404, f"Endpoint {request.url.path!r} does not exist")
    return error_response(request, error.status_code, str(error.detail))
