"""How a page is rendered: its template, the way to other pages, and the headers of its response."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from fpl_pulse.web.pages import formats

TEMPLATES = Path(__file__).parent / "templates"

HEADERS = {
    # Nothing from elsewhere, no script or style in the page itself, no page of somebody else around this one.
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            "img-src 'self'",
            "style-src 'self'",
            "script-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
            "base-uri 'none'",
        )
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


TITLES = {
    401: "Log in to Airflow",
    403: "Not permitted",
    404: "Not found",
    409: "Nothing was changed",
    422: "The address or form is not valid",
    503: "Not available now",
}
"""Status of a response -> title of the page about the problem."""


@dataclass(frozen=True)
class Section:
    """An entry of the navigation."""

    title: str
    path: str


SECTIONS = (
    Section("Week", "week/"),
    Section("Gameweek", "gameweeks/"),
    Section("Players", "players/"),
    Section("Compare", "compare/"),
    Section("Identities", "identities/"),
    Section("Data", "data/"),
)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= formats.FILTERS
    environment.globals |= {"sections": SECTIONS}
    return environment


def render(request: Request, template: str, status: int, values: Mapping[str, object]) -> HTMLResponse:
    """The response with a page.

    Args:
        request: the page's request.
        template: name of a file of `templates/`.
        status: HTTP status.
        values: what the template shows, with what the frame of every page needs.
    """
    address = {"up": way_up(request), "here": here(request)}
    return HTMLResponse(_environment().get_template(template).render({**values, **address}), status, HEADERS)


def show_problem(request: Request, status: int, detail: str, headers: Mapping[str, str]) -> HTMLResponse:
    """The page about a problem. It says nothing that needs the database."""
    frame = {"section": "", "season": None, "is_current_season": True, "season_query": ""}
    response = render(
        request, "problem.html", status, {**frame, "title": TITLES.get(status, "Error"), "detail": detail}
    )
    response.headers.update(headers)
    return response


def way_up(request: Request) -> str:
    """The relative way from the address of a request to the root of the application: `../../` for `/matches/7/`.

    An absolute address would be wrong behind a reverse proxy that puts a prefix before it. The address that the browser
    knows counts, so a final slash that `FinalSlash` has added does not.
    """
    return "../" * (asked_path(request).count("/") - 1) or "./"


def here(request: Request) -> str:
    """The relative address of the page itself, for forms and for lists in pages."""
    return asked_path(request).rsplit("/", 1)[-1] or "./"


def asked_path(request: Request) -> str:
    """The path of the request below the root of the application, as the browser knows it."""
    path = str(request.scope.get("fpl_pulse.asked_path", request.scope["path"]))
    return "/" + path.removeprefix(str(request.scope.get("root_path", ""))).lstrip("/")
