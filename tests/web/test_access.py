"""Nobody reads anything without a token."""

import re

import pytest
import requests

from fpl_pulse.web.app import ROUTERS
from fpl_pulse.web.tokens import require_token
from tests.web.serving import Client

PATHS = [*sorted({route.path for router in ROUTERS for route in router.routes}), "/openapi.json"]  # type: ignore[attr-defined]


def test_the_list_of_routes_is_that_of_the_application(api: Client) -> None:
    documented = set(api.json("/openapi.json")["paths"])
    assert documented == set(PATHS) - {"/openapi.json"}
    assert len(documented) >= 13


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "header", [None, "", "Bearer ", "Bearer wrong-token-wrong", "Basic YWRtaW46YWRtaW4=", "Bearer \xe9"]
)
def test_a_route_refuses_a_request_without_the_token(api: Client, path: str, header: str | None) -> None:
    address = re.sub(r"{\w+}", "1", path)
    headers = {} if header is None else {"Authorization": header}
    response = requests.get(api.address + address, headers=headers, timeout=10)
    assert response.status_code == 401
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == 401
    assert api.get(address).status_code != 401


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/", "/api", "/api/nothing/", "/api/players/1/2/3/"])
def test_there_is_nothing_else(api: Client, path: str) -> None:
    response = api.get(path)
    assert response.status_code == 404
    assert response.json()["title"] == "Not Found"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_can_be_written(api: Client, method: str) -> None:
    assert api.request(method, "/api/players/").status_code == 405


def test_a_short_token_is_refused() -> None:
    with pytest.raises(ValueError, match="fewer than 16"):
        require_token("short")
