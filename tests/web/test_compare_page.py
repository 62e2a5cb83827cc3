"""Comparing up to four players."""

import re

import pytest

from dev.pipelines import Pipelines
from fpl_pulse.web.parameters import MOST_PLAYERS
from tests.web.browsing import text_of
from tests.web.serving import Client
from tests.web.test_players_page import rows


def codes_at(installation: Pipelines, position: str, number: int) -> list[int]:
    """Players of a position who have played and have attributes of the season."""
    found = rows(
        installation,
        "select code from fpl.players join fpl.radar_seasons using (code, season)"
        " where players.position = %s and minutes > 0 order by code limit %s",
        position,
        number,
    )
    return [code for (code,) in found]


def figure(page: str, table: str, label: str) -> list[str]:
    """The figures of a line of the table `totals` or `per-90`."""
    lines = page.split(f'aria-describedby="about-{table}"')[1].split("</table>", maxsplit=1)[0]
    found = re.search(rf'<th scope="row">{re.escape(label)}</th>(.*?)</tr>', lines)
    assert found, label
    return [text_of(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", found[1])]


def test_without_players_the_page_asks_for_one(pages: Client) -> None:
    page = pages.get("/compare/").text
    assert "Find a player by name" in text_of(page)
    assert "<figure>" not in page


def test_two_players_are_compared_with_their_figures(pages: Client, unchanged: Pipelines) -> None:
    first, second = codes_at(unchanged, "Midfielder", 2)
    page = pages.get(f"/compare/?players={first},{second}").text
    expected = dict(
        rows(unchanged, "select code, (points, minutes) from fpl.player_seasons where code = any(%s)", [first, second])
    )
    points, minutes = zip(*(map(int, expected[code]) for code in (first, second)), strict=True)
    assert figure(page, "totals", "Points") == [str(one) for one in points]
    assert figure(page, "totals", "Minutes") == [str(one) for one in minutes]
    assert figure(page, "per-90", "Points") == [f"{90 * points[n] / minutes[n]:.2f}" for n in (0, 1)]
    assert f'src="../pictures/compare.png?players={first},{second}&amp;theme=light"' in page
    assert f'href="./?players={second}"' in page
    assert "Radar that compares 2 players" in page


def test_the_best_of_a_line_is_marked_and_equal_figures_are_nobodys(changing_pages: tuple[Pipelines, Client]) -> None:
    installation, client = changing_pages
    first, second = codes_at(installation, "Midfielder", 2)
    installation.conn.execute(
        "update pulse.fpl_player_fixtures set yellow_cards = 0, red_cards = 0, goals = 0 where fpl_code = any(%s)",
        [[first, second]],
    )
    installation.conn.execute(
        "update pulse.fpl_player_fixtures set yellow_cards = 1, goals = 2 where fpl_code = %s and minutes > 0", [first]
    )
    page = client.get(f"/compare/?players={first},{second}").text
    lines = {
        label: re.findall(r'<td class="n">(<strong)?', line)
        for label, line in re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', page)
    }
    assert lines["Goals"] == ["<strong", ""]
    assert lines["Yellow cards"] == ["", "<strong"]
    assert lines["Red cards"] == ["", ""]


def test_goalkeepers_beside_outfield_players_are_explained(pages: Client, unchanged: Pipelines) -> None:
    (keeper,), (forward,) = codes_at(unchanged, "Goalkeeper", 1), codes_at(unchanged, "Forward", 1)
    page = pages.get(f"/compare/?players={keeper},{forward}").text
    assert "goalkeepers and outfield players by different attributes" in text_of(page)
    for measure in ("Saves", "Shots on target saved", "Goals prevented"):
        own, none = figure(page, "per-90", measure)
        assert own != "\N{EN DASH}"
        assert none == "\N{EN DASH}"
    alone = pages.get(f"/compare/?players={keeper}").text
    assert "different attributes" not in text_of(alone)


def test_a_search_adds_a_player_and_a_full_comparison_has_no_form(pages: Client, unchanged: Pipelines) -> None:
    chosen = codes_at(unchanged, "Midfielder", 4)
    ((name, other),) = rows(
        unchanged,
        "select player, code from fpl.players where code <> all(%s) order by length(player) desc limit 1",
        chosen,
    )
    three = ",".join(map(str, chosen[:3]))
    page = pages.get("/compare/", params={"players": three, "search": name}).text
    assert f'href="./?players={three},{other}"' in page
    full = pages.get(f"/compare/?players={','.join(map(str, chosen))}").text
    assert 'type="search"' not in full
    assert "The comparison is full." in text_of(full)
    nobody = pages.get("/compare/", params={"search": "zz zz"}).text
    assert "Nobody found" in text_of(nobody)


def test_a_player_twice_is_compared_once(pages: Client, unchanged: Pipelines) -> None:
    (code,) = codes_at(unchanged, "Forward", 1)
    players = ",".join([str(code)] * (MOST_PLAYERS + 1))
    page = pages.get(f"/compare/?players={players}").text
    assert page.count('aria-label="Remove ') == 1
    assert pages.get(f"/pictures/compare.png?players={players}").status_code == 200


def test_attributes_of_an_earlier_season_are_named(changing_pages: tuple[Pipelines, Client]) -> None:
    installation, client = changing_pages
    ((code,),) = rows(
        installation, "select code from fpl.radar_seasons where season = '2024-25' intersect"
        " select code from fpl.radar_seasons where season = '2025-26' order by code limit 1",
    )  # fmt: skip
    installation.conn.execute("delete from pulse.sofasport_attributes where season = '2025-26'")
    page = text_of(client.get(f"/compare/?players={code}").text)
    assert "are those of 2024-25; SofaSport has none of 2025-26." in page
    installation.conn.execute("delete from pulse.sofasport_attributes")
    assert "SofaSport has no attributes of" in text_of(client.get(f"/compare/?players={code}").text)


@pytest.mark.parametrize("players", ["1,2,3,4,5", "x", "1,,2", "1;2", "-1", "1" * 10])
def test_players_that_are_no_codes_are_refused(pages: Client, players: str) -> None:
    response = pages.get("/compare/", params={"players": players})
    assert response.status_code == 422
    assert "up to 4 players" in text_of(response.text)
    assert pages.get("/pictures/compare.png", params={"players": players}).status_code == 422


def test_a_picture_needs_a_player(pages: Client) -> None:
    assert pages.get("/pictures/compare.png?players=").status_code == 422


def test_an_unknown_player_is_named(pages: Client) -> None:
    response = pages.get("/compare/?players=77")
    assert response.status_code == 404
    assert "no player with the code 77" in text_of(response.text)
