"""The pages behind a reverse proxy that serves Airflow below a path prefix, in a browser."""

import re
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest
import requests
from playwright.sync_api import Browser, expect

from dev.local.airflow_environment import environment
from dev.local.processes import free_port, stop_all
from tests.long.browser.reverse_proxy import ReverseProxy, reverse_proxy
from tests.long.browser.visitor import Visitor
from tests.long.operator_stack import OperatorStack

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

PREFIX = "/team/data/airflow"
REASON = "tried behind a proxy"


@pytest.fixture(scope="module")
def proxy(installation: OperatorStack) -> Iterator[ReverseProxy]:
    """A proxy in front of one more API server of the same Airflow: an API server has one address, `[api] base_url`."""
    with reverse_proxy(PREFIX) as started:
        settings = replace(installation.local.settings, api_port=free_port())
        started.upstream = settings.url
        own = {"AIRFLOW__API__BASE_URL": f"{started.address}/"}
        command = [sys.executable, "-m", "airflow", "api-server"]
        process = installation.local.start_process("api-server-behind-proxy", command, environment(settings) | own)

        def is_there() -> bool:
            answer = requests.get(f"{started.address}/api/v2/monitor/health", timeout=30)
            return answer.status_code == 200

        installation.wait_until("the API server answers through the proxy", is_there)
        yield started
        stop_all([process])


@pytest.fixture
def guest(installation: OperatorStack, browser: Browser, proxy: ReverseProxy) -> Iterator[Visitor]:
    """A person who is logged in through the proxy. No request of the browser, the login included, left the prefix."""
    proxy.outside.clear()
    one = Visitor.log_in(browser, installation, address=proxy.address)
    yield one
    one.close()
    assert proxy.outside == []


def test_from_airflows_home_page_to_a_heatmap_below_a_prefix(guest: Visitor) -> None:
    guest.page.get_by_role("link", name="FPL Pulse").click()
    expect(guest.frame.get_by_role("heading", level=1)).to_be_visible(timeout=20_000)
    guest.frame.locator(".matches a").first.click()
    guest.frame.locator("a[href*='?player=']").first.click()
    heatmap = guest.frame.get_by_role("img", name=re.compile("^Heatmap of .* recorded actions"))
    expect(heatmap).to_be_visible(timeout=20_000)
    assert heatmap.evaluate("one => one.decode().then(() => one.naturalWidth)") == 800
    assert guest.page.url.startswith(f"{guest.address}/plugin/fpl-pulse/")
    assert heatmap.evaluate("one => one.src").startswith(f"{guest.address}/fpl-pulse/pictures/")


def test_a_decision_below_a_prefix_takes_effect(guest: Visitor, installation: OperatorStack) -> None:
    ((sofasport_id, code),) = installation.rows(
        "select sofasport_player_id, fpl_code from pulse.player_mappings order by 1 limit 1"
    )

    def decide(button: str) -> None:
        page = guest.frame
        page.get_by_label("SofaSport's id", exact=True).fill(str(sofasport_id))
        page.get_by_label("FPL's code", exact=True).fill(str(code))
        page.get_by_label("Reason", exact=True).fill(REASON)
        page.locator("form.filter").get_by_role("button", name=button, exact=True).click()

    def decisions() -> int:
        return len(installation.rows("select from pulse.mapping_decisions where reason = %s", REASON))

    guest.page.goto(f"{guest.address}/plugin/fpl-pulse")
    guest.frame.get_by_role("link", name="Identities", exact=True).click()
    decide("Reject")
    installation.wait_until("the decision is stored", lambda: decisions() == 1, 30)
    # The redirect has led back to the form.
    expect(guest.frame.get_by_label("Reason", exact=True)).to_have_value("", timeout=20_000)
    decide("Withdraw decision")
    installation.wait_until("its end is stored", lambda: decisions() == 2, 30)
    expect(guest.frame.get_by_label("Reason", exact=True)).to_have_value("", timeout=20_000)


def test_a_link_to_a_run_stays_below_the_prefix_and_the_run_has_a_tab(guest: Visitor) -> None:
    guest.page.goto(f"{guest.address}/plugin/fpl-pulse")
    guest.frame.get_by_role("link", name="Lineups", exact=True).click()
    guest.page.wait_for_url(re.compile(re.escape(f"{guest.address}/dags/update_lineups/runs/")))
    guest.page.get_by_role("link", name="FPL Pulse").last.click()
    expect(guest.frame.get_by_role("heading", level=1)).to_contain_text("Lineups", timeout=20_000)


def test_every_section_opens_below_the_prefix(guest: Visitor) -> None:
    sections = guest.open("week/").locator("nav a").evaluate_all("links => links.map(one => one.href)")
    assert len(sections) >= 6
    assert all(address.startswith(f"{guest.address}/fpl-pulse/") for address in sections)
    for address in sections:
        guest.open(address.removeprefix(f"{guest.address}/fpl-pulse/"))
        assert guest.page.locator("link[rel=stylesheet]").evaluate_all("all => all.every(one => one.sheet)")
