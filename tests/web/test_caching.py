"""A client that has the newest content does not get it again, and every load that changes it is seen at once."""

from http.client import HTTPConnection

import pytest

from dev.pipelines import Pipelines
from fpl_pulse.web.validators import CACHE_CONTROL
from tests.web.serving import TOKEN, Client

PATHS = ("/api/players/", "/api/matches/?gameweek=1", "/api/week-status/", "/openapi.json")


@pytest.mark.parametrize("path", PATHS)
def test_the_same_content_is_sent_once(api: Client, path: str) -> None:
    first = api.get(path)
    assert first.headers["Cache-Control"] == CACHE_CONTROL
    again = api.get(path, headers={"If-None-Match": f'"other", {first.headers["ETag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert api.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("form", ["{tag}", '"a", {tag} , "b"', "W/{tag}", '"a",W/{tag}', "*"])
def test_a_validator_is_compared_weakly_and_in_lists(api: Client, form: str) -> None:
    strong = api.get("/api/players/").headers["ETag"].removeprefix("W/")
    response = api.get("/api/players/", headers={"If-None-Match": form.format(tag=strong)})
    assert response.status_code == 304
    assert response.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("form", ["", ",", "W/", '""', "{bare}", 'W/"{bare}', "{bare}*", "W/*", '"a", *', "\xe9"])
def test_what_is_no_validator_of_the_content_gets_the_content(api: Client, form: str) -> None:
    bare = api.get("/api/players/").headers["ETag"].removeprefix("W/").strip('"')
    header = form.format(bare=bare).encode("latin-1")
    assert api.get("/api/players/", headers={"If-None-Match": header}).status_code == 200


def test_validators_in_two_headers_are_one_list(api: Client) -> None:
    tag = api.get("/api/seasons/").headers["ETag"]
    connection = HTTPConnection(api.address.removeprefix("http://"), timeout=10)
    connection.putrequest("GET", "/api/seasons/")
    for name, value in (("Authorization", f"Bearer {TOKEN}"), ("If-None-Match", '"a"'), ("If-None-Match", tag)):
        connection.putheader(name, value)
    connection.endheaders()
    assert connection.getresponse().status == 304
    connection.close()


def test_a_load_changes_the_validator_of_what_it_changed_only(changing: tuple[Pipelines, Client]) -> None:
    installation, api = changing
    validators = {path: api.get(path).headers["ETag"] for path in ("/api/players/?limit=200", "/api/gameweeks/")}
    installation.conn.execute("update pulse.fpl_players set form = coalesce(form, 0) + 1")
    now = {path: api.get(path, headers={"If-None-Match": tag}).status_code for path, tag in validators.items()}
    assert now == {"/api/players/?limit=200": 200, "/api/gameweeks/": 304}


def test_a_large_response_is_compressed(api: Client) -> None:
    plain = api.get("/api/players/?limit=200", headers={"Accept-Encoding": "identity"})
    packed = api.get("/api/players/?limit=200", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) < 0.3 * len(plain.content)
    assert packed.json() == plain.json()
    assert packed.headers["ETag"] == plain.headers["ETag"]
    assert "Accept-Encoding" in packed.headers["Vary"]


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("gzip;q=0", None), ("br, gzip ; Q=0.000, identity", None), ("identity", None), ("gzip;q=0.5", "gzip"),
        ("br;q=0,gzip", "gzip"), ("gzip;q=1.0, br;q=0", "gzip"),
    ],
)  # fmt: skip
def test_a_client_that_refuses_gzip_gets_none(api: Client, accepted: str, expected: str | None) -> None:
    response = api.get("/api/players/?limit=200", headers={"Accept-Encoding": accepted})
    assert response.headers.get("Content-Encoding") == expected
    assert response.json()["total"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/players/999999/", 404),
        ("GET", "/nothing", 404),
        ("HEAD", "/api/players/999999/", 404),
        ("POST", "/api/players/", 405),
        ("GET", "/api/players/?limit=0", 422),
    ],
)
def test_errors_are_not_kept(api: Client, method: str, path: str, status: int) -> None:
    response = api.request(method, path)
    assert response.status_code == status
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers
