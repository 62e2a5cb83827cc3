"""A client that has the newest content does not get it again, and every load that changes it is seen at once."""

import pytest

from dev.pipelines import Pipelines
from fpl_pulse.web.validators import CACHE_CONTROL
from tests.web.serving import Client

PATHS = ("/api/players/", "/api/matches/?gameweek=1", "/api/week-status/", "/openapi.json")


@pytest.mark.parametrize("path", PATHS)
def test_the_same_content_is_sent_once(api: Client, path: str) -> None:
    first = api.get(path)
    assert first.headers["Cache-Control"] == CACHE_CONTROL
    again = api.get(path, headers={"If-None-Match": f'"other", {first.headers["ETag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert api.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


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


def test_errors_are_not_kept(api: Client) -> None:
    response = api.get("/api/players/999999/")
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers
