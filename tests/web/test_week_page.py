"""The page of the week, and closing an alert there."""

import re
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from itsdangerous import TimestampSigner
from starlette.exceptions import HTTPException
from starlette.requests import Request

from dev.pipelines import Pipelines
from fpl_pulse.store.connection import scalar
from fpl_pulse.web.database import MOST_CONNECTIONS, Database
from fpl_pulse.web.form_tokens import LIFETIME_S
from fpl_pulse.web.pages import changing
from fpl_pulse.web.people import User
from tests.web.browsing import TOKENS, pages_on, text_of
from tests.web.conftest import connector
from tests.web.serving import Client

WEEK = "/week/?week=2025-08-27"
HOSTILE = "<script>alert(1)</script> \u202eevil\u0007 'quoted' \"twice\" 😀 " + "long" * 80


@pytest.fixture
def with_alert(small: Pipelines) -> tuple[Pipelines, int]:
    """An installation with an open alert that has hostile words, and the alert's number."""
    row = small.conn.execute(
        "insert into pulse.alerts (kind, subject, as_of, message, dag_id, run_id) values ('run_failed', %s,"
        " now(), %s, 'update_lineups', 'manual__1') returning alert_id",
        (f"Lineups {HOSTILE}"[:200].replace("\0", ""), HOSTILE),
    ).fetchone()
    assert row
    return small, row[0]


def alert_of(installation: Pipelines, number: int) -> tuple[Any, ...]:
    row = installation.conn.execute(
        "select closed_at is not null, closed_by, closed_because from pulse.alerts where alert_id = %s", [number]
    ).fetchone()
    assert row
    return tuple(row)


def test_the_week_shows_its_runs_plan_matches_and_coverage(pages: Client, unchanged: Pipelines) -> None:
    shown = text_of(pages.get(WEEK).text)
    assert "Week of 25 August 2025: ALL RIGHT. All 5 runs have succeeded." in shown
    for title in ("Fixture mappings", "Lineups", "Heatmaps", "Season statistics", "Radar attributes"):
        assert f"{title} success" in shown
    calls, planned = unchanged.conn.execute(
        "select sum(planned), sum(fetched) from pulse.run_plans where purpose = 'heatmaps'"
    ).fetchall()[0]
    assert f"Heatmaps heatmaps {calls} {planned}" in shown
    assert re.search(r"matches with lineups 100 % 100 %", shown)


def test_a_week_before_the_first_deadline_has_no_runs_matches_or_coverage(pages: Client) -> None:
    page = pages.get("/week/?week=2025-07-02").text
    assert "nothing has run" in text_of(page)
    assert 'id="matches"' not in page
    assert 'id="coverage"' not in page


def test_a_week_of_an_earlier_season_shows_that_season(changing_pages: tuple[Pipelines, Client]) -> None:
    installation, client = changing_pages
    installation.conn.execute("insert into pulse.fpl_seasons (season, observed_at) values ('2026-27', now())")
    installation.conn.execute(
        "insert into pulse.fpl_gameweeks select one.* from pulse.fpl_gameweeks as stored, jsonb_populate_record("
        ' stored, \'{"season": "2026-27", "deadline_at": "2100-01-01T00:00:00Z"}\') as one where stored.gameweek = 1'
    )
    begun = installation.one("select max(gameweek) from pulse.fpl_gameweeks where deadline_at < '2025-08-31'")
    page = client.get(WEEK).text
    assert "Season 2025-26. Back to the current season" in text_of(page)
    assert f'href="../gameweeks/{begun}/?season=2025-26"' in page
    assert "matches with lineups 100 % 100 %" in text_of(page)
    assert "Back to the current season" not in client.get("/week/").text


@pytest.mark.parametrize("week", ["tomorrow", "2025-13-01", "'; drop table x"])
def test_a_week_that_is_no_date_is_refused(pages: Client, week: str) -> None:
    response = pages.get("/week/", params={"week": week})
    assert response.status_code == 422
    assert "week" in text_of(response.text)


@pytest.mark.parametrize("week", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_weeks_like_others(pages: Client, week: str) -> None:
    assert pages.get("/week/", params={"week": week}).status_code == 200


def test_what_a_source_or_operator_wrote_is_shown_as_text(with_alert: tuple[Pipelines, int]) -> None:
    with pages_on(connector(with_alert[0].conn)) as client:
        response = client.get("/week/")
    assert "<script>alert" not in response.text
    assert "&lt;script&gt;alert(1)" in response.text
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_closing_an_alert_records_who_and_why(with_alert: tuple[Pipelines, int]) -> None:
    installation, number = with_alert
    with pages_on(connector(installation.conn)) as client:
        page = client.get("/week/").text
        token = re.search(r'name="token" value="([^"]+)"', page)
        assert token
        answer = client.post(
            f"/alerts/{number}/close/",
            data={"token": token[1], "because": "  seen\n and mended "},
            allow_redirects=False,
        )
        assert (answer.status_code, answer.headers["Location"]) == (303, "../../../week/")
        assert "No alert is open." in text_of(client.get("/week/").text)
        again = client.post(f"/alerts/{number}/close/", data={"token": token[1], "because": "again"})
    assert alert_of(installation, number) == (True, "Ann", "seen and mended")
    assert again.status_code == 409
    assert f"Alert {number} is not open any more" in text_of(again.text)


@pytest.mark.parametrize(
    ("form", "headers", "status"),
    [
        ({"because": "x"}, {}, 422),
        ({"token": "", "because": "x"}, {}, 403),
        ({"token": "forged.token.here", "because": "x"}, {}, 403),
        ({"token": TOKENS.make("Bob"), "because": "x"}, {}, 403),
        ({"token": TOKENS.make("Ann"), "because": "x"}, {"Sec-Fetch-Site": "cross-site"}, 403),
        ({"token": TOKENS.make("Ann"), "because": " \u200b\n "}, {}, 422),
        ({"token": TOKENS.make("Ann"), "because": "x" * 501}, {}, 422),
    ],
)
def test_a_form_that_is_not_ours_changes_nothing(
    with_alert: tuple[Pipelines, int], form: dict[str, str], headers: dict[str, str], status: int
) -> None:
    installation, number = with_alert
    with pages_on(connector(installation.conn)) as client:
        response = client.post(f"/alerts/{number}/close/", data=form, headers=headers)
    assert response.status_code == status, text_of(response.text)
    assert alert_of(installation, number) == (False, None, None)


def test_an_alert_that_a_run_holds_is_a_sentence_soon(
    with_alert: tuple[Pipelines, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changing, "LOCK_LIMIT_S", 1)
    installation, number = with_alert
    form = {"token": TOKENS.make("Ann"), "because": "x"}
    with pages_on(connector(installation.conn)) as client, installation.conn.transaction():
        installation.conn.execute("select from pulse.alerts where alert_id = %s for update", [number])
        response = client.post(f"/alerts/{number}/close/", data=form, timeout=8)
    assert response.status_code == 503
    assert "Nothing was changed. Try again in a minute." in text_of(response.text)
    assert alert_of(installation, number) == (False, None, None)


def test_a_token_is_refused_when_it_is_old(monkeypatch: pytest.MonkeyPatch) -> None:
    made, now = TOKENS.make("Ann"), int(time.time())
    request = Request({"type": "http", "headers": []})
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: now + LIFETIME_S - 60)
    TOKENS.check(request, "Ann", made)
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: now + LIFETIME_S + 60)
    with pytest.raises(HTTPException, match="older than 12 hours"):
        TOKENS.check(request, "Ann", made)


def test_who_may_only_read_sees_no_form_and_cannot_close(with_alert: tuple[Pipelines, int]) -> None:
    installation, number = with_alert
    with pages_on(connector(installation.conn), User("Ann", may_decide=False)) as client:
        assert '<form class="row decide"' not in client.get("/week/").text
        response = client.post(f"/alerts/{number}/close/", data={"token": TOKENS.make("Ann"), "because": "x"})
    assert response.status_code == 403
    assert alert_of(installation, number) == (False, None, None)


def test_the_time_of_a_request_is_not_that_of_the_next(unchanged: Pipelines) -> None:
    database = Database(connector(unchanged.conn))
    with database.reading() as reader:
        reader.set_time(datetime(2025, 8, 27, tzinfo=UTC))
        pid = reader.conn.info.backend_pid
    seen = set()
    # A pool hands out its connections in turn.
    for _ in range(2 * MOST_CONNECTIONS):
        with database.reading() as reader:
            seen.add(reader.conn.info.backend_pid)
            assert not scalar(reader.conn, "select current_setting('pulse.now', true)")
    assert pid in seen
    database.close()
