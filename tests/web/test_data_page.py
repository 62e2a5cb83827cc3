"""The page of the data: coverage, rejected records, the archive's payloads, the census of keys, downloads of packs."""

import json
import re

import pytest

from dev.pipelines import Pipelines
from fpl_pulse.web.pages import data_page
from tests.web.browsing import pages_on, text_of
from tests.web.conftest import connector
from tests.web.serving import Client

HOSTILE = "<script>alert(1)</script> \u202eevil 'quoted' \"twice\" 😀 " + "long" * 60
SECRET = b"a secret beside the packs"


def test_what_is_missing_is_named_by_gameweek(small: Pipelines) -> None:
    small.conn.execute(
        "update pulse.coverage set want = have + 52, is_enough = false,"
        " missing = array_fill('Ødegaard'::text, array[49]) || %s::text where gameweek = 1 and what = 'heatmaps'",
        [HOSTILE],
    )
    with pages_on(connector(small.conn)) as client:
        page = client.get("/data/")
    shown = text_of(page.text)
    assert re.search(r"heatmaps: 52 of \d+ . the check failed Ødegaard, Ødegaard", shown)
    assert "and 2 more" in shown
    assert "<script>alert" not in page.text
    assert re.search(r"Fixture mappings Mon 25 Aug 02:00 2025 success Mon 25 Aug 02:00 2025", shown)


@pytest.fixture
def rejecting(small: Pipelines) -> tuple[Pipelines, int]:
    """An installation with 120 rejected records of one response, and the number of the response."""
    small.conn.execute(
        "insert into pulse.rejected_records (endpoint, resource, path, response_id, reason, record, as_of, resource_id)"
        " select endpoint, resource, 'home.players[' || number || ']', response_id, %(reason)s, %(record)s, as_of,"
        " resource_id from (select * from pulse.raw_resources where endpoint = 'events/lineups' order by 1, 2 limit 1)"
        " as one cross join generate_series(1, 120) as number",
        {"reason": HOSTILE, "record": json.dumps({"name": HOSTILE})},
    )
    return small, small.one("select min(response_id) from pulse.rejected_records")


def test_rejected_records_are_listed_page_by_page(rejecting: tuple[Pipelines, int]) -> None:
    with pages_on(connector(rejecting[0].conn)) as client:
        first, last = client.get("/data/"), client.get("/data/?endpoint=events/lineups&offset=100")
        assert "1\N{EN DASH}50 of 120" in text_of(first.text)
        assert "101\N{EN DASH}120 of 120" in text_of(last.text)
        assert first.text.count("home.players[") == 50
        assert 'href="./?offset=50" rel="next"' in first.text
        assert "<script>alert" not in first.text + last.text
        other = text_of(client.get("/data/?endpoint=fpl/fixtures").text)
        assert "The rest of their response was loaded. A corrected response removes them. Endpoint All" in other
        assert "None. Keys of the responses" in other
        assert "The list ends before this place" in text_of(client.get("/data/?offset=1000").text)


def test_a_response_is_shown_as_text_up_to_a_stated_size(
    rejecting: tuple[Pipelines, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    installation, number = rejecting
    body = {"name": HOSTILE, "half": "\ud83d", "list": [1, 2]}
    installation.conn.execute(
        "update pulse.raw_responses set body = %s::json where response_id = %s", [json.dumps(body), number]
    )
    with pages_on(connector(installation.conn)) as client:
        page = client.get(f"/data/responses/{number}/")
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert(1)" in page.text
        assert "\\ud83d" in page.text
        assert "home.players[1]" in page.text
        assert "And 70 more." in text_of(page.text)
        assert "evil" in text_of(page.text)
        monkeypatch.setattr(data_page, "MOST_SHOWN", 20)
        assert re.search(r"the first 20 of \d{3} characters", text_of(client.get(f"/data/responses/{number}/").text))
        # A payload that is too large to be parsed is shown as it is stored.
        monkeypatch.setattr(data_page, "MOST_PARSED", 10)
        assert re.search(
            r"the first \d+ of \d{3} characters|, \d{3} characters",
            text_of(client.get(f"/data/responses/{number}/").text),
        )


@pytest.mark.parametrize(("number", "status"), [("999999999", 404), ("0", 422), (str(2**63), 422), ("x", 422)])
def test_an_unknown_response(pages: Client, number: str, status: int) -> None:
    assert pages.get(f"/data/responses/{number}/").status_code == status


def test_a_payload_that_python_cannot_read_is_shown_as_it_is() -> None:
    deep = "[" * 100_000 + "]" * 100_000
    assert data_page.readable(deep) == deep
    assert data_page.readable('{"a": [1]}') == '{\n  "a": [\n    1\n  ]\n}'


def test_new_and_vanished_keys_are_named(small: Pipelines) -> None:
    small.conn.execute(
        "insert into pulse.key_census (season, endpoint, path, gameweek, key, records, have, added_at)"
        " select '2025-26', 'events/lineups', 'players.statistics', 2, %s, 100, 90, max(added_at) + interval '7 days'"
        " from pulse.key_census",
        [HOSTILE],
    )
    deleted = small.conn.execute(
        "delete from pulse.key_census where endpoint = 'events/lineups' and path = 'players.statistics'"
        " and gameweek = 2 and key = 'totalPass'"
    )
    assert deleted.rowcount == 1
    with pages_on(connector(small.conn)) as client:
        page = client.get("/data/").text
    shown = text_of(page)
    assert re.search(r"Gone Key .* totalPass events/lineups players\.statistics \d+\.\d % gameweek 1 New", shown)
    assert "90.0 %" in shown
    assert "<script>alert" not in page
