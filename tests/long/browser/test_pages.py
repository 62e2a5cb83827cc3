"""The pages as people use them: in a browser, inside a real Airflow, on the sandbox's season."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from dev.local.week_run import plan_week
from fpl_pulse.week import WEEK
from tests.long.browser.conftest import MONDAY
from tests.long.browser.visitor import PHONE, WIDE, Visitor
from tests.long.operator_stack import OperatorStack

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

HOSTILE = "<img src=x onerror=alert(1)> \u202eevil 'single' \"double\" 😀 " + "long" * 40


@pytest.fixture(scope="session")
def addresses(installation: OperatorStack) -> dict[str, str]:
    """A page of each kind -> its address below the root of the application."""
    ((fixture, sofasport_player),) = installation.rows(
        "select fixture_id, sofasport_player_id from fpl.heatmaps where gameweek = 3 order by points desc limit 1"
    )
    codes = [row[0] for row in installation.rows("select code from fpl.player_seasons order by points desc limit 4")]
    ((keeper,),) = installation.rows(
        "select code from fpl.players where position = 'Goalkeeper' order by points desc limit 1"
    )
    ((idle,),) = installation.rows("select code from fpl.players where minutes = 0 order by code limit 1")
    ((coming,),) = installation.rows("select max(fixture_id) from fpl.fixtures where state = 'scheduled'")
    ((response,),) = installation.rows("select min(response_id) from pulse.raw_responses")
    ((run_id,),) = installation.rows("select run_id from pulse.pipeline_runs where dag_id = 'update_lineups'")
    found = {
        "week": "week/",
        "an earlier week": "week/?week=2025-08-18",
        "match": f"matches/{fixture}/",
        "heatmap in a match": f"matches/{fixture}/?player={sofasport_player}",
        "match to come": f"matches/{coming}/",
        "gameweek": "gameweeks/3/",
        "gameweek to come": "gameweeks/30/",
        "players": "players/",
        "search": "players/?search=a&position=Defender",
        "player": f"players/{codes[0]}/",
        "goalkeeper": f"players/{keeper}/",
        "player without minutes": f"players/{idle}/",
        "compare": f"compare/?players={','.join(map(str, codes))}",
        "compare with a goalkeeper": f"compare/?players={codes[0]},{keeper}",
        "nobody to compare": "compare/",
        "identities": "identities/",
        "identity": f"identities/player/{sofasport_player}/",
        "data": "data/",
        "response": f"data/responses/{response}/",
        "pack": "data/packs/2025-26/gw03/",
        "run": f"runs/update_lineups/{run_id}/",
        "run of another DAG": "runs/nothing/manual__1/",
    }
    assert set(found) == set(PAGES)
    return found


PAGES = (
    "week", "an earlier week", "match", "heatmap in a match", "match to come", "gameweek", "gameweek to come",
    "players", "search", "player", "goalkeeper", "player without minutes", "compare", "compare with a goalkeeper",
    "nobody to compare", "identities", "identity", "data", "response", "pack", "run", "run of another DAG",
)  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_no_fault_for_anybody(visitor: Visitor, addresses: dict[str, str], page: str, theme: str) -> None:
    for width, _ in (WIDE, PHONE):
        opened = visitor.open(addresses[page], width=width, theme=theme)
        assert opened.evaluate("document.documentElement.dataset.theme") == theme
        assert not visitor.is_wider_than_window(), width
        assert visitor.violations() == [], width


def test_from_airflows_home_page_to_a_heatmap_in_four_clicks(visitor: Visitor) -> None:
    visitor.page.get_by_role("link", name="FPL Pulse").click()
    frame = visitor.frame
    frame.locator(".matches a").first.click()
    frame.locator("a[href*='?player=']").first.click()
    heatmap = frame.get_by_role("img", name=re.compile("^Heatmap of .* recorded actions"))
    expect(heatmap).to_be_visible(timeout=20_000)
    assert heatmap.evaluate("one => one.decode().then(() => one.naturalWidth)") == 800
    # The address in the browser's bar can be shared.
    assert "/plugin/fpl-pulse/" in visitor.page.url
    assert "player=" in visitor.page.url


def test_the_pages_follow_the_theme_of_airflow(visitor: Visitor) -> None:
    for theme in ("dark", "light"):
        visitor.page.goto(visitor.address)
        visitor.page.evaluate("theme => localStorage.setItem('theme', theme)", theme)
        visitor.page.goto(f"{visitor.address}/plugin/fpl-pulse")
        expect(visitor.frame.locator("html")).to_have_attribute("data-theme", theme, timeout=20_000)
        # Airflow's own document has the same theme: it is the key that Airflow uses.
        expect(visitor.page.locator("html")).to_have_class(re.compile(theme))


def test_a_link_to_a_run_leaves_the_frame_and_the_run_has_a_tab(visitor: Visitor) -> None:
    visitor.page.goto(f"{visitor.address}/plugin/fpl-pulse")
    visitor.frame.get_by_role("link", name="Lineups", exact=True).click()
    visitor.page.wait_for_url(re.compile(r"/dags/update_lineups/runs/"))
    visitor.page.get_by_role("link", name="FPL Pulse").last.click()
    tab = visitor.page.frame_locator("iframe[title='FPL Pulse']")
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Lineups", timeout=20_000)


def test_two_players_are_compared_by_links_and_search(visitor: Visitor, addresses: dict[str, str]) -> None:
    page = visitor.open(addresses["player"])
    page.get_by_role("link", name="Compare", exact=True).last.click()
    page.get_by_role("searchbox").first.fill("a")
    page.keyboard.press("Enter")
    page.get_by_role("link", name=re.compile("^Add")).first.click()
    assert len(page.url.partition("players=")[2].partition("&")[0].replace("%2C", ",").split(",")) == 2
    radar = page.get_by_role("img").first
    assert radar.evaluate("one => one.decode().then(() => one.naturalWidth)") == 800


def test_a_page_is_used_by_keyboard_alone(visitor: Visitor) -> None:
    page = visitor.open("week/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    for _ in range(40):
        page.keyboard.press("Tab")
        if "/matches/" in (page.evaluate("document.activeElement.href") or ""):
            break
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/matches/"))


def test_a_decision_takes_effect_and_the_next_run_keeps_it(visitor: Visitor, installation: OperatorStack) -> None:
    ((sofasport_id, code),) = installation.rows(
        "select sofasport_player_id, fpl_code from pulse.player_mappings order by 1 limit 1"
    )

    def is_linked() -> bool:
        link = "select 1 from pulse.player_mappings where (sofasport_player_id, fpl_code) = (%s, %s)"
        return bool(installation.rows(link, sofasport_id, code))

    def decide(button: str) -> None:
        page = visitor.open("identities/")
        page.get_by_label("SofaSport's id", exact=True).fill(str(sofasport_id))
        page.get_by_label("FPL's code", exact=True).fill(str(code))
        page.get_by_label("Reason", exact=True).fill("tried in a browser")
        page.locator("form.filter").get_by_role("button", name=button, exact=True).click()
        page.wait_for_load_state()

    decide("Reject")
    assert not is_linked()
    ((by,),) = installation.rows("select decided_by from pulse.mapping_decisions where reason = 'tried in a browser'")
    assert by == "admin"
    monday = plan_week(MONDAY)[0]
    assert installation.wait_for_end(monday, installation.trigger(monday)) == "success"
    assert not is_linked()
    decide("Withdraw decision")
    assert is_linked()


def test_hostile_names_are_text_on_every_page(
    installation: OperatorStack, visitor: Visitor, addresses: dict[str, str]
) -> None:
    dialogs: list[str] = []
    visitor.page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    ((code,),) = installation.rows("select code from fpl.player_seasons order by points desc limit 1")
    ((name,),) = installation.rows("select web_name from pulse.fpl_players where code = %s", code)
    installation.change("update pulse.fpl_players set web_name = %s where code = %s", HOSTILE, code)
    try:
        for address in addresses.values():
            visitor.open(address, width=PHONE[0])
            assert not visitor.is_wider_than_window(), address
            assert visitor.page.locator("img[src=x]").count() == 0
    finally:
        installation.change("update pulse.fpl_players set web_name = %s where code = %s", name, code)
    assert dialogs == []


def test_nobody_sees_a_page_without_a_login(
    browser: Browser, installation: OperatorStack, addresses: dict[str, str]
) -> None:
    context = browser.new_context()
    page = context.new_page()
    for address in addresses.values():
        response = page.goto(f"{installation.local.settings.url}/fpl-pulse/{address}")
        assert response is not None
        assert response.status == 401, address
        assert "Log in to Airflow" in page.inner_text("main")
    context.close()


def test_every_pipeline_of_the_week_is_named(visitor: Visitor) -> None:
    shown = visitor.open("week/").inner_text("main")
    assert all(slot.title in shown for slot in WEEK)
    assert urlsplit(visitor.page.url).path.endswith("/fpl-pulse/week/")
