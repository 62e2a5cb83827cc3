"""The list of players: search, order, pages, and the way to a player and to a comparison."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from dev.pipelines import Pipelines
from tests.web.browsing import text_of
from tests.web.serving import Client

HOSTILE = "<script>alert(1)</script> \u202eevil $x^2$ 'quoted' \"twice\" 😀 " + "long" * 60


def rows(installation: Pipelines, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
    return installation.conn.execute(statement.encode(), parameters).fetchall()


def listed(page: str) -> list[int]:
    """The codes of the players of a list, in its order."""
    return [int(code) for code in re.findall(r'<th scope="row" class="name"><a href="\.\./players/(\d+)/', page)]


def following(page: str, rel: str = "next") -> str | None:
    found = re.search(rf'href="\./(\?[^"]+)" rel="{rel}"', page)
    return found and "/players/" + found[1].replace("&amp;", "&")


def test_all_players_are_listed_once_by_points(pages: Client, unchanged: Pipelines) -> None:
    path: str | None = "/players/"
    codes: list[int] = []
    while path:
        page = pages.get(path).text
        assert len(listed(page)) <= 50
        codes += listed(page)
        path = following(page)
    expected = rows(unchanged, "select code, points from fpl.players")
    points = dict(expected)
    assert sorted(codes) == sorted(points)
    assert [points[code] for code in codes] == sorted(points.values(), reverse=True)


def test_a_thousand_players_are_paged(changing_pages: tuple[Pipelines, Client]) -> None:
    installation, client = changing_pages
    installation.conn.execute("select set_config('pulse.follows_matches', 'off', false)")
    installation.conn.execute(
        "insert into pulse.fpl_players (season, element_id, code, first_name, second_name, web_name, team_code,"
        " position, total_points, details, added_at)"
        " select season, 10000 + number, 900000 + number, '', 'Extra', 'Extra ' || number, team_code, position, -5,"
        " details, added_at from (select * from pulse.fpl_players limit 1) as one, generate_series(1, 1000) as number"
    )
    path: str | None = "/players/?search=extra"
    codes: list[int] = []
    while path:
        page = client.get(path).text
        assert len(page) < 60_000
        codes += listed(page)
        path = following(page)
    assert sorted(codes) == list(range(900_001, 901_001))
    last = client.get("/players/?search=extra&offset=1000").text
    assert "The list ends before this place." in last
    assert (
        following(client.get("/players/?search=extra&offset=50").text, "prev")
        == "/players/?search=extra&sort=points&offset=0"
    )


@pytest.mark.parametrize(
    ("sort", "column"),
    [
        ("points", "points"),
        ("price", "price"),
        ("minutes", "minutes"),
        ("rating", "rating"),
        ("expected_goals", "expected_goals"),
    ],
)
def test_the_list_is_sorted_both_ways_and_missing_figures_are_last(
    pages: Client, unchanged: Pipelines, sort: str, column: str
) -> None:
    known = {code: value for code, value in rows(unchanged, f"select code, {column} from fpl.player_seasons")}
    for order in ("desc", "asc"):
        page = pages.get(f"/players/?sort={sort}&order={order}").text
        first = [known.get(code) for code in listed(page)]
        every = sorted((value for value in known.values() if value is not None), reverse=order == "desc")
        assert first == every[: len(first)]
        assert f'aria-sort="{order}ending"' in page


def test_a_heading_leads_to_the_other_order(pages: Client) -> None:
    page = pages.get("/players/?search=a&sort=rating").text
    links = [
        parse_qs(urlsplit(link.replace("&amp;", "&")).query)
        for link in re.findall(r'class="sort" href="([^"]+)"', page)
    ]
    by_column = {link["sort"][0]: link for link in links}
    assert by_column["rating"] == {"search": ["a"], "sort": ["rating"], "order": ["asc"]}
    assert by_column["player"]["order"] == ["asc"]
    assert by_column["expected_goals"]["order"] == ["desc"]


def test_players_of_a_club_and_a_position(pages: Client, unchanged: Pipelines) -> None:
    ((team, name),) = rows(unchanged, "select code, name from pulse.fpl_teams order by name limit 1")
    page = pages.get(f"/players/?team={team}&position=Defender").text
    expected = rows(unchanged, "select code from fpl.players where team = %s and position = 'Defender'", name)
    assert sorted(listed(page)) == sorted(code for (code,) in expected)
    assert re.search(rf'<option value="{team}" selected>', page)


def test_a_search_finds_names_without_accents_and_says_when_it_finds_nobody(
    changing_pages: tuple[Pipelines, Client],
) -> None:
    installation, client = changing_pages
    ((code,),) = rows(installation, "select min(code) from pulse.fpl_players")
    installation.conn.execute("update pulse.fpl_players set web_name = 'Ødegaard' where code = %s", [code])
    assert listed(client.get("/players/?search=ODEGAARD").text) == [code]
    nobody = client.get("/players/", params={"search": "zz<b>zz"}).text
    assert "No player of 2025-26 matches this search." in text_of(nobody)
    assert 'value="zz&lt;b&gt;zz"' in nobody


def test_a_name_of_hostile_characters_is_text(changing_pages: tuple[Pipelines, Client]) -> None:
    installation, client = changing_pages
    ((code,),) = rows(installation, "select code from fpl.players order by points desc limit 1")
    installation.conn.execute(
        "update pulse.fpl_players set web_name = %s, news = %s where code = %s", [HOSTILE, HOSTILE, code]
    )
    installation.conn.execute("update pulse.fpl_teams set name = %s", ["<b>Club</b>" + "x" * 300])
    for path in (
        "/players/",
        f"/players/{code}/",
        f"/compare/?players={code}",
        f"/compare/?players={code}&search=script",
    ):
        page = client.get(path)
        assert page.status_code == 200, path
        assert "&lt;script&gt;alert(1)" in page.text, path
        assert "<script>alert" not in page.text, path
        assert "<b>Club" not in page.text, path
        # What changes the direction of writing ends with its element, and is in no attribute or sentence.
        around = re.sub(r"<(h1|a|bdi|span|strong|option)\b[^>]*>[^<]*</\1>", "", page.text)
        assert "\u202e" not in around, path
    for name in ("radar", "heatmap", "ratings", "prices", "points"):
        picture = client.get(f"/pictures/players/{code}/{name}.svg")
        assert picture.status_code == 200, name
        assert b"<script" not in picture.content


def test_the_form_and_the_links_keep_a_comparison_that_has_begun(pages: Client, unchanged: Pipelines) -> None:
    (one,), (two,) = rows(unchanged, "select code from fpl.players order by points desc, code limit 2")
    page = pages.get(f"/players/?players={one}").text
    assert f'<input type="hidden" name="players" value="{one}">' in page
    assert f'href="../compare/?players={one},{two}"' in page
    assert f"players={one}&amp;offset=50" in page
    assert "Choose up to 3 more" in text_of(page)
    four = ",".join(str(code) for (code,) in rows(unchanged, "select code from fpl.players order by points limit 4"))
    full = pages.get(f"/players/?players={four}").text
    assert "A comparison has at most 4 players." in text_of(full)
    assert f"players={four}," not in full


@pytest.mark.parametrize(
    "query",
    [
        "sort=evil",
        "order=up",
        "team=x",
        "position=Coach",
        "offset=-1",
        "players=1,2,3,4,5",
        "players=a",
        "search=" + "x" * 101,
    ],
)
def test_a_request_that_is_not_valid_is_refused(pages: Client, query: str) -> None:
    assert pages.get(f"/players/?{query}").status_code == 422


@pytest.mark.parametrize("search", ["%", "\x00", "👍", " ", "'; drop table x"])
def test_a_strange_search_is_no_error(pages: Client, search: str) -> None:
    assert pages.get("/players/", params={"search": search}).status_code == 200
