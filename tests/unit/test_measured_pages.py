"""`make bench` measures every page and every picture that the application serves."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from fastapi.routing import APIRoute
from starlette.routing import Match

from dev.bench.pages import PAGES, PICTURES
from fpl_pulse.web import app
from fpl_pulse.web.pages import pack_files, static_files

FILES = {static_files.send_file, pack_files.send_file, pack_files.send_pack}
"""What is sent as it is."""
SUBJECT = {
    "match": 7,
    "sofasport_player": 8,
    "player": 9,
    "four": "1,2,3,4",
    "gameweek": 5,
    "letters": "ab",
    "dag_id": "update_lineups",
    "run_id": "manual__1",
    "day": "2025-09-01",
    "response": 6,
    "pack": "2025-26/gw05",
}


def served() -> Iterator[APIRoute]:
    """What people look at, in the order in which the application looks for a route."""
    for router in (*app.PAGES, *app.PICTURES):
        for route in router.routes:
            if isinstance(route, APIRoute) and "GET" in route.methods and route.endpoint not in FILES:
                yield route


def answering(address: str) -> APIRoute:
    """The route that the application chooses for an address."""
    scope = {"type": "http", "method": "GET", "path": urlsplit(address.format_map(SUBJECT)).path}
    return next(route for route in served() if route.matches(scope)[0] is Match.FULL)


@pytest.mark.parametrize(("measured", "is_picture"), [(PAGES, False), (PICTURES, True)])
def test_every_kind_is_measured(measured: dict[str, str], is_picture: bool) -> None:
    wanted = {route.path for route in served() if route.path.startswith("/pictures/") is is_picture}
    assert wanted
    assert {answering(address).path for address in measured.values()} == wanted
