"""Errors as `application/problem+json` (RFC 9457): what happened, where, and what to do; nothing of the inside."""

import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError, ResponseValidationError
from fastapi.responses import JSONResponse, Response
from psycopg_pool import PoolTimeout, TooManyRequests
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from fpl_pulse.chart_data.not_stored import NotStoredError
from fpl_pulse.errors import RetryableError
from fpl_pulse.wording import sentence

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 5
API = "/api/"
"""In the address of every route of the API."""

ShowProblem = Callable[[Request, int, str, Mapping[str, str]], Response]
"""Makes the page about a problem from a request, the status, the detail and headers. The application has it if it has
pages."""


class Problem(BaseModel):
    """The body of every error."""

    type: str = "about:blank"
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["Season 2025-26 has no player 4711."])
    error: str = Field(description="The same as `detail`: clients of the old web app read this field.")


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors of a route, for the OpenAPI document: those that every route has, and `statuses`."""
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: schema}}
        for status in sorted({401, 403, 422, 503, *statuses})
    }


class NotFoundError(HTTPException):
    """The season, player, gameweek or match of a request is not stored."""

    def __init__(self, detail: str) -> None:
        super().__init__(HTTPStatus.NOT_FOUND, detail)


class UnavailableError(HTTPException):
    """The server cannot answer now, and may be able to in some seconds."""

    def __init__(self, detail: str) -> None:
        super().__init__(HTTPStatus.SERVICE_UNAVAILABLE, detail, {"Retry-After": str(RETRY_AFTER_S)})


class InvalidRequestError(HTTPException):
    """A request has a value that is not allowed. `fault` names the parameter: `limit: Give the parameter once`."""

    def __init__(self, fault: str) -> None:
        super().__init__(HTTPStatus.UNPROCESSABLE_ENTITY, f"The request is not valid. {fault}.")


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """A response with a problem. No client keeps it."""
    body = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, error=detail)
    return JSONResponse(body.model_dump(), int(status), {**(headers or {}), "Cache-Control": "no-store"}, MEDIA_TYPE)


def respond(request: Request, status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """The response with a problem: a page for a browser that asked for a page, JSON for everybody else."""
    show: ShowProblem | None = getattr(request.app.state, "show_problem", None)
    if show is None or API in request.scope["path"] or "text/html" not in request.headers.get("Accept", ""):
        return problem(status, detail, headers)
    return show(request, status, detail, {**(headers or {}), "Cache-Control": "no-store"})


def _on_http_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise TypeError(error)
    headers = dict(error.headers or {})
    if headers.get("Allow") == "GET":
        # `Heads` serves HEAD where there is GET.
        headers["Allow"] = "GET, HEAD"
    return respond(request, error.status_code, str(error.detail), headers)


def _on_invalid_request(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise TypeError(error)
    faults = (f"{one['loc'][-1]}: {one['msg']}" for one in error.errors())
    return _on_http_error(request, InvalidRequestError("; ".join(faults)))


def _on_database_error(request: Request, error: Exception) -> Response:
    """The log says what the database said; the response must not."""
    log.error("A request could not read the database: %s", " ".join(str(error).split()))
    match error:
        case psycopg.errors.QueryCanceled():
            detail = "The database took too long. Ask for less: a gameweek, a player, a smaller limit."
        case psycopg.errors.UndefinedTable() | psycopg.errors.InvalidSchemaName() | psycopg.errors.UndefinedColumn():
            detail = "The database has not been upgraded to this version yet. Try again after the upgrade."
        case PoolTimeout() | TooManyRequests():
            detail = "The database cannot be reached, or too many requests are being served. Try again in some seconds."
        case _:
            detail = "The database cannot be read. Try again in some seconds."
    return respond(request, HTTPStatus.SERVICE_UNAVAILABLE, detail, {"Retry-After": str(RETRY_AFTER_S)})


def _on_not_stored(request: Request, error: Exception) -> Response:
    return respond(request, HTTPStatus.NOT_FOUND, sentence(error))


def _on_outage(request: Request, error: Exception) -> Response:
    return respond(request, HTTPStatus.SERVICE_UNAVAILABLE, sentence(error), {"Retry-After": str(RETRY_AFTER_S)})


def _on_bug(request: Request, error: Exception) -> Response:
    """The server logs the traceback of an unexpected error by itself."""
    if isinstance(error, ResponseValidationError):
        log.error("A response does not have its declared form: %s", error.errors()[:3])
    return respond(
        request, HTTPStatus.INTERNAL_SERVER_ERROR, "An unexpected error happened. The server's log has the details."
    )


def handle_errors(app: FastAPI) -> None:
    """Let an application answer each error with a problem."""
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(psycopg.Error, _on_database_error)
    app.add_exception_handler(NotStoredError, _on_not_stored)
    app.add_exception_handler(RetryableError, _on_outage)
    app.add_exception_handler(Exception, _on_bug)
