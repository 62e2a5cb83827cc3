"""The sections about a source that refuses calls, or cannot be reached."""

from threading import Event

import pytest

from dev.hostile.corruption import Corruption, Reply
from fpl_pulse.api import sofasport
from tests.long.runbook import ui
from tests.long.runbook.front import refused
from tests.long.runbook.installation import HEATMAPS, LINEUPS, MAPPINGS, Installation
from tests.long.runbook.operator import Operator
from tests.long.runbook.situations import (
    DOWN,
    DOWN_FOR_ONE,
    LATER_S,
    NOT_SUBSCRIBED,
    answering,
    held,
    new_match,
    one_match,
)

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

CHALLENGE = Reply(
    403,
    b"<!doctype html><title>Just a moment...</title><p>Checking your browser before you continue.</p>",
    {"Content-Type": "text/html", "Retry-After": LATER_S},
)
MONTH_IS_SPENT = refused(
    429, "You have exceeded the MONTHLY quota for Requests on your current plan.", x_ratelimit_requests_reset="1209600"
)
HOUR_IS_SPENT = refused(429, "You have exceeded the HOURLY quota for Requests on your current plan.")
CALLS_CONTINUE_SOON = refused(
    429, "You have exceeded the HOURLY quota for Requests on your current plan.", Retry_After="360"
)


def red_lineups(installation: Installation, page: Operator, reply: Reply) -> str:
    """A red run of the lineups because SofaSport answers with this, looked up in the table. The reply has ended."""
    installation.restore("monday")
    installation.source_answers(answering(reply, sofasport.LINEUPS))
    run_id = installation.run_until("failed", LINEUPS)
    installation.wait_for_alert(LINEUPS, "run_failed")
    seen = installation.evidence(LINEUPS, run_id)
    page.sees(seen)
    page.is_linked_from(seen)
    installation.source_answers()
    return run_id


def waiting_lineups(installation: Installation, page: Operator, reply: Reply) -> str:
    """A run of the lineups with a task that waits for its retry, because SofaSport answers with this at first."""
    installation.restore("monday")
    installation.source_answers(answering(reply, sofasport.LINEUPS))
    run_id = installation.run(LINEUPS)
    installation.wait_for_task(LINEUPS, run_id, "fetch_lineup", "up_for_retry")
    seen = installation.evidence(LINEUPS, run_id)
    page.sees(seen)
    page.is_linked_from(seen)
    installation.source_answers()
    return run_id


@pytest.mark.section("The source is down")
def test_an_outage_on_monday_and_one_in_a_manual_run(installation: Installation, page: Operator) -> None:
    installation.restore("week")
    installation.source_answers(answering(DOWN, "fpl/*"))
    run_id = installation.come_due(MAPPINGS)
    installation.wait_for_task(MAPPINGS, run_id, "fetch_fpl_reference", "up_for_retry")
    installation.miss_deadline()
    alert = installation.wait_for_alert(MAPPINGS, "deadline_missed")
    page.sees(alert)
    assert "The last error: " in alert
    assert "status 503" in alert
    page.is_linked_from(installation.evidence(MAPPINGS, run_id))
    installation.source_answers()
    ui.clear(installation, MAPPINGS, run_id, "fetch_fpl_reference")
    installation.over_when_green(MAPPINGS, run_id)

    run_id = red_lineups(installation, page, DOWN)
    ui.clear_only_failed(installation, LINEUPS, run_id)
    installation.over_when_green(LINEUPS, run_id)


@pytest.mark.section("One task fails every time")
def test_a_match_that_always_fails_and_a_task_that_is_killed(installation: Installation, page: Operator) -> None:
    installation.restore("monday")
    installation.source_answers(one_match(DOWN_FOR_ONE, new_match(installation)))
    run_id = installation.come_due(LINEUPS)
    assert installation.wait_for_end(LINEUPS, run_id) == "failed"
    seen = installation.evidence(LINEUPS, run_id)
    page.sees(seen)
    page.is_linked_from(seen)
    loaded = "select count(*) from pulse.sofasport_lineups as stored join pulse.event_gameweeks using (event_id)"
    assert installation.rows(f"{loaded} where gameweek = 3")[0][0] >= 8
    installation.source_answers()
    ui.clear(installation, LINEUPS, run_id, "fetch_lineup")
    installation.over_when_green(LINEUPS, run_id)

    installation.restore("monday")
    installation.source_answers(Corruption("fpl/*", held(Event())))
    run_id = installation.run(LINEUPS)
    for number in range(1, 5):
        installation.kill(LINEUPS, run_id, "refresh_results", number)
    assert installation.wait_for_end(LINEUPS, run_id) == "failed"
    seen = installation.evidence(LINEUPS, run_id)
    page.sees(seen)
    page.is_linked_from(seen)
    installation.source_answers()
    ui.clear_only_failed(installation, LINEUPS, run_id)
    installation.over_when_green(LINEUPS, run_id)


@pytest.mark.section("The quota is spent")
def test_a_spent_quota_and_a_partial_run(installation: Installation, page: Operator) -> None:
    run_id = red_lineups(installation, page, MONTH_IS_SPENT)
    assert "after the quota's reset on " in installation.evidence(LINEUPS, run_id)
    assert "calls_left" in page.types("pulse.quota_outlook")
    assert "update_lineups" in page.types("pulse.run_plans")
    ui.clear_only_failed(installation, LINEUPS, run_id)
    installation.over_when_green(LINEUPS, run_id)

    installation.restore("monday")
    run_id = installation.run_until("success", LINEUPS, page.fills_in("most_calls", {"200": 5}))
    alert = installation.wait_for_alert(LINEUPS, "run_partial")
    page.sees(alert)
    page.is_linked_from(alert)
    assert installation.calls(run_id) <= 5
    installation.run_until("success", LINEUPS)
    assert installation.open_alerts(LINEUPS) == []


@pytest.mark.section("The key is refused")
def test_a_refused_key_is_replaced(installation: Installation, page: Operator) -> None:
    installation.restore("monday")
    installation.front.key = "key-of-the-second-day"
    run_id = installation.run_until("failed", LINEUPS)
    waiting = installation.come_due(HEATMAPS)
    assert installation.wait_for_end(HEATMAPS, waiting) == "failed"
    installation.wait_for_alert(LINEUPS, "run_failed")
    seen = installation.evidence(LINEUPS, run_id)
    page.sees(seen)
    page.is_linked_from(seen)
    installation.write_settings()
    page.types("make down")
    page.types("make up")
    ui.clear_only_failed(installation, LINEUPS, run_id)
    installation.over_when_green(LINEUPS, run_id)
    installation.over_when_green(HEATMAPS, waiting)
    assert not any("key-of-the" in path.read_text(errors="replace") for path in installation.logs())


@pytest.mark.section("The plan lacks the API")
def test_a_plan_without_the_api(installation: Installation, page: Operator) -> None:
    run_id = red_lineups(installation, page, NOT_SUBSCRIBED)
    ui.clear_only_failed(installation, LINEUPS, run_id)
    installation.over_when_green(LINEUPS, run_id)


@pytest.mark.section("The quota of an hour is spent")
def test_a_quota_of_an_hour(installation: Installation, page: Operator) -> None:
    run_id = waiting_lineups(installation, page, CALLS_CONTINUE_SOON)
    installation.let_pauses_end()
    installation.over_when_green(LINEUPS, run_id)

    run_id = red_lineups(installation, page, HOUR_IS_SPENT)
    installation.let_pauses_end()
    ui.clear_only_failed(installation, LINEUPS, run_id)
    installation.over_when_green(LINEUPS, run_id)


@pytest.mark.section("A call is taken for a bot's")
def test_a_protection_against_bots(installation: Installation, page: Operator) -> None:
    run_id = waiting_lineups(installation, page, CHALLENGE)
    installation.over_when_green(LINEUPS, run_id)

    run_id = red_lineups(installation, page, CHALLENGE)
    ui.clear_only_failed(installation, LINEUPS, run_id)
    installation.over_when_green(LINEUPS, run_id)


@pytest.mark.section("The API has moved")
def test_an_api_with_a_new_address(installation: Installation, page: Operator) -> None:
    installation.restore("monday")
    installation.front.move()
    run_id = installation.run_until("failed", LINEUPS)
    seen = installation.evidence(LINEUPS, run_id)
    page.sees(seen)
    page.is_linked_from(seen)
    assert installation.front.url in seen
    installation.write_settings()
    page.types("make down")
    page.types("make up")
    ui.clear_only_failed(installation, LINEUPS, run_id)
    installation.over_when_green(LINEUPS, run_id)


@pytest.mark.section("The way to the source")
@pytest.mark.parametrize(
    ("status", "said"), [(407, "Proxy Authentication Required"), (451, "Unavailable For Legal Reasons")]
)
def test_a_request_that_does_not_reach_the_source(
    installation: Installation, page: Operator, status: int, said: str
) -> None:
    run_id = red_lineups(installation, page, refused(status, said))
    ui.clear_only_failed(installation, LINEUPS, run_id)
    installation.over_when_green(LINEUPS, run_id)
