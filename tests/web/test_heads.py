"""HEAD has the status and the headers of GET, and no content."""

import pytest
import requests

from tests.web.serving import Client

PATHS = (
    "/api/players/?limit=200",
    "/api/players",
    "/api/seasons/",
    "/api/players/999999/",
    "/openapi.json",
    "/nothing",
)


def headers_of(response: requests.Response) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items() if name.lower() != "date"}


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
@pytest.mark.parametrize("path", PATHS)
def test_head_has_the_headers_of_get(api: Client, path: str, encoding: str) -> None:
    get = api.get(path, headers={"Accept-Encoding": encoding})
    head = api.head(path, headers={"Accept-Encoding": encoding})
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert headers_of(head) == headers_of(get)
    assert int(head.headers["Content-Length"]) > 0


def test_head_with_the_validator_is_not_modified(api: Client) -> None:
    tag = api.head("/api/players/").headers["ETag"]
    assert api.head("/api/players/", headers={"If-None-Match": tag}).status_code == 304


def test_head_needs_the_token(api: Client) -> None:
    response = requests.head(f"{api.address}/api/players/", timeout=10)
    assert (response.status_code, response.content) == (401, b"")
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_refused_method_learns_which_are_allowed(api: Client) -> None:
    assert api.post("/api/players/").headers["Allow"] == "GET, HEAD"


def test_the_document_describes_get_alone(api: Client) -> None:
    assert {method for one in api.json("/openapi.json")["paths"].values() for method in one} == {"get"}
