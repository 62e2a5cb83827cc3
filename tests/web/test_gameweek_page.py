"""The page of a gameweek and its picture, on a real Postgres with a week of the small league."""

import re
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from dev.pipelines import Pipelines
from tests.web.browsing import text_of
from tests.web.serving import Client

HOSTILE = ("<script>alert(1)</script>", "\u202e\u0645\u062d", "W" * 300, "\U0001f98a $x^2$", '"><img src=x>')
POSTPONED = (
    "update pulse.fpl_fixtures set kickoff_at = null, gameweek = null, started = false, finished = false,"
    " finished_provisional = false, home_score = null, away_score = null where fixture_id = %s"
)


def rows(installation: Pipelines, statement: str, *parameters: object) -> list[Any]:
    return installation.conn.execute(statement.encode(), parameters).fetchall()


def page_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.text
    return response.text


def section(page: str, title: str) -> str:
    """The part of a page below a heading."""
    return page.split(f">{title}</h2>")[1].split("</section>", maxsplit=1)[0]


def listed(part: str) -> list[list[str]]:
    """The cells of each row of a table, as text."""
    body = part.split("<tbody>")[1]
    return [
        [text_of(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.DOTALL)]
        for line in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    ]


def test_matches_have_scores_and_links(pages: Client, unchanged: Pipelines) -> None:
    matches = rows(
        unchanged,
        "select fixture_id, home_team, home_score, away_score, away_team from fpl.fixtures where gameweek = 1",
    )
    part = section(page_of(pages, "/gameweeks/1/"), "Matches")
    assert part.count("<li>") == len(matches) >= 3
    for fixture_id, home, home_score, away_score, away in matches:
        link = part.split(f'matches/{fixture_id}/"')[1].split("</a>")[0]
        assert text_of(link.partition(">")[2]).startswith(f"{home} {home_score}\N{EN DASH}{away_score} {away} xG ")


@pytest.mark.parametrize(
    ("title", "column", "digits"),
    [
        ("Best rating", "rating", 2),
        ("Most points", "points", 0),
        ("Most defensive contributions", "defensive_contribution", 0),
    ],
)
def test_the_best_are_the_ten_with_the_most(
    pages: Client, unchanged: Pipelines, title: str, column: str, digits: int
) -> None:
    best = rows(
        unchanged,
        f"select {column}::float from fpl.player_gameweeks where gameweek = 1 and minutes > 0 and {column} > 0"
        f" order by {column} desc limit 10",
    )
    part = section(page_of(pages, "/gameweeks/1/"), title)
    lines = listed(part)
    assert [line[3] for line in lines] == [f"{value:.{digits}f}" for (value,) in best]
    assert len(lines) == 10
    for code, line in zip(re.findall(r"players/(\d+)/", part), lines, strict=True):
        ((player, club, minutes),) = rows(
            unchanged, "select player, team, minutes from fpl.player_gameweeks where gameweek = 1 and code = %s", code
        )
        assert line[1:3] == [f"{player} {club}", str(minutes)]


def test_results_against_expectation_go_both_ways(pages: Client, unchanged: Pipelines) -> None:
    page = page_of(pages, "/gameweeks/1/")
    ((above, below),) = rows(
        unchanged,
        "select max(goals - expected_goals)::float, min(goals - expected_goals)::float from fpl.player_gameweeks"
        " where gameweek = 1 and minutes > 0",
    )
    assert listed(section(page, "More goals than expected"))[0][3] == f"+{above:.2f}"
    assert listed(section(page, "Fewer goals than expected"))[0][3] == f"\N{MINUS SIGN}{-below:.2f}"
    ((most,),) = rows(
        unchanged, "select max(abs(goals - expected_goals))::float from fpl.team_matches where gameweek = 1"
    )
    difference = listed(section(page, "Clubs against expectation"))[0][3]
    assert abs(float(difference.replace("\N{MINUS SIGN}", "-"))) == pytest.approx(most, abs=0.005)


@pytest.mark.parametrize(("form", "kind"), [("png", "image/png"), ("svg", "image/svg+xml")])
def test_the_picture_of_the_team_of_the_week(pages: Client, form: str, kind: str) -> None:
    response = pages.get(f"/pictures/gameweeks/1/team.{form}?theme=dark")
    assert (response.status_code, response.headers["Content-Type"]) == (200, kind)
    page = page_of(pages, "/gameweeks/1/")
    assert f"pictures/gameweeks/1/team.{form}?theme=light" in page
    assert pages.get(f"/pictures/gameweeks/77/team.{form}").status_code == 404


@pytest.mark.parametrize(("scale", "width"), [("1", 800), ("2", 1600)])
def test_an_address_chooses_the_pixels_of_a_picture(pages: Client, scale: str, width: int) -> None:
    response = pages.get(f"/pictures/gameweeks/1/team.png?scale={scale}")
    assert response.status_code == 200
    with Image.open(BytesIO(response.content)) as image:
        assert image.width == width
    assert pages.get("/pictures/gameweeks/1/team.png?scale=3").status_code == 422


def test_the_team_of_the_week_has_eleven_players_with_the_most_points(pages: Client, unchanged: Pipelines) -> None:
    alt = unescape(re.findall(r'class="on-light"[^>]*alt="([^"]*)"', page_of(pages, "/gameweeks/1/"))[0])
    assert "most FPL points in a valid formation" in alt
    named = alt.partition("formation: ")[2].rstrip(".").split(", ")
    assert len(named) == 11
    ((keeper,),) = rows(
        unchanged,
        "select player from fpl.player_gameweeks where gameweek = 1 and position = 'Goalkeeper' and minutes > 0"
        " order by points desc, rating desc nulls last, player limit 1",
    )
    assert named[0].startswith(keeper)


def test_the_current_gameweek_is_the_default(pages: Client, unchanged: Pipelines, monkeypatch: Any) -> None:  # noqa: ANN401
    assert "<h1>Gameweek" in page_of(pages, "/gameweeks/")
    from fpl_pulse.api import source_clock

    clock = f"{unchanged.source}/__sandbox__/clock"
    monkeypatch.setenv(source_clock.SOURCE_CLOCK, clock)
    page = page_of(pages, "/gameweeks/")
    # Other tests have moved the clock of the sandbox.
    begun = "select max(gameweek) from fpl.gameweeks where deadline_at <= %s"
    ((number,),) = rows(unchanged, begun, source_clock.read(clock))
    assert f"<h1>Gameweek {number}</h1>" in page


def test_previous_and_next_lead_to_the_neighbours(pages: Client, unchanged: Pipelines) -> None:
    ((last,),) = rows(unchanged, "select max(gameweek) from fpl.gameweeks")

    def beside(number: int) -> list[tuple[str, str]]:
        return re.findall(
            r'rel="(prev|next)" href="\.\./\.\./gameweeks/(\d+)/"', page_of(pages, f"/gameweeks/{number}/")
        )

    assert beside(1) == [("next", "2")]
    assert beside(2) == [("prev", "1"), ("next", "3")]
    assert beside(last) == [("prev", str(last - 1))]


def test_a_gameweek_that_has_not_begun(pages: Client, unchanged: Pipelines) -> None:
    ((last,),) = rows(unchanged, "select max(gameweek) from fpl.gameweeks")
    text = text_of(page_of(pages, f"/gameweeks/{last}/"))
    assert "This gameweek has not begun: no match has been played." in text
    assert "Team of the week" not in text
    assert "xG" not in text
    drawn = pages.get(f"/pictures/gameweeks/{last}/team.png")
    assert drawn.status_code == 200


def test_unknown_gameweeks_are_refused(pages: Client) -> None:
    assert pages.get("/gameweeks/77/").status_code == 404
    assert pages.get("/gameweeks/100/").status_code == 422
    assert pages.get("/gameweeks/x/").status_code == 422


def test_states_of_a_gameweek_and_a_double_one(changing_pages: tuple[Pipelines, Client]) -> None:
    installation, pages = changing_pages
    fixtures = [
        one for (one,) in rows(installation, "select fixture_id from fpl.fixtures where gameweek = 1 order by 1")
    ]
    assert f"All {len(fixtures)} matches are final." in text_of(page_of(pages, "/gameweeks/1/"))
    installation.conn.execute("update pulse.fpl_fixtures set finished = false where fixture_id = %s", fixtures[:1])
    assert "Bonus points may still change." in text_of(page_of(pages, "/gameweeks/1/"))
    installation.conn.execute(
        "update pulse.fpl_fixtures set finished_provisional = false where fixture_id = %s", fixtures[:1]
    )
    text = text_of(page_of(pages, "/gameweeks/1/"))
    assert f"{len(fixtures) - 1} of {len(fixtures)} matches have been played. All figures are provisional." in text
    assert "in play" in text
    # A postponed match is found although it is in no gameweek.
    installation.conn.execute("delete from pulse.fpl_player_fixtures where fixture_id = %s", fixtures[:1])
    installation.conn.execute(POSTPONED, fixtures[:1])
    page = page_of(pages, "/gameweeks/1/")
    assert "Postponed, without a gameweek" in page
    assert f"matches/{fixtures[0]}/" in page
    # All matches of two gameweeks in one.
    ((code, points),) = rows(
        installation,
        "select code, sum(points) from fpl.player_gameweeks where gameweek in (1, 2) group by code"
        " having count(*) = 2 and min(minutes) > 0 order by 2 desc, 1 limit 1",
    )
    installation.conn.execute("update pulse.fpl_fixtures set gameweek = 1 where gameweek = 2")
    page = page_of(pages, "/gameweeks/1/")
    assert "Two matches in this gameweek:" in text_of(page)
    best = section(page, "Most points")
    place = re.findall(r"players/(\d+)/", best).index(str(code))
    assert listed(best)[place][3] == str(points)


def test_hostile_names_are_shown_harmlessly(changing_pages: tuple[Pipelines, Client]) -> None:
    installation, pages = changing_pages
    for statement in (
        "update pulse.fpl_players set web_name = (%s::text[])[1 + element_id %% 5]",
        "update pulse.fpl_teams set name = (%s::text[])[1 + code %% 5]",
    ):
        installation.conn.execute(statement, [list(HOSTILE)])
    page = page_of(pages, "/gameweeks/1/")
    assert "<script>alert" not in page
    assert "<img src=x>" not in page
    assert all(name in unescape(page) for name in HOSTILE)
    drawn = pages.get("/pictures/gameweeks/1/team.svg")
    assert drawn.status_code == 200
    assert "<script" not in drawn.text


def test_every_link_keeps_an_earlier_season(changing_pages: tuple[Pipelines, Client]) -> None:
    installation, pages = changing_pages
    installation.conn.execute("insert into pulse.fpl_seasons (season, observed_at) values ('2026-27', now())")
    page = unescape(page_of(pages, "/gameweeks/1/?season=2025-26"))
    links = re.findall(r'(?:href|src)="([^"#]*(?:players|matches|gameweeks|pictures)/[^"]*)"', page.split("<main")[1])
    assert len(links) > 40
    assert [one for one in links if "season=2025-26" not in one] == []
    assert "has no gameweeks yet" in unescape(pages.get("/gameweeks/").text)
