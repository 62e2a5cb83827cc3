"""The page of a match and its pictures, on a real Postgres with a week of the small league."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from markupsafe import escape

from dev.pipelines import Pipelines
from tests.web.browsing import text_of
from tests.web.serving import Client

SEASON = "2025-26"
OF_MATCH = "event_id = (select event_id from pulse.fixture_mappings where fixture_id = %s)"
HOSTILE = (
    "<script>alert(1)</script>",
    "\u202e\u0645\u062d\u0645\u062f",
    "W" * 300,
    "\U0001f98a $x^2$",
    "{{ 7 * 7 }}",
    "=HYPERLINK(1)",
    '"><img src=x>',
)


def row(installation: Pipelines, statement: str, *parameters: object) -> Any:  # noqa: ANN401
    found = installation.conn.execute(statement.encode(), parameters).fetchone()
    assert found is not None, "the test needs such a row"
    return found


@pytest.fixture(scope="module")
def fixture_id(unchanged: Pipelines) -> int:
    """A played match of gameweek 1 with lineups."""
    return int(
        row(
            unchanged,
            "select fixture_id from fpl.fixtures where gameweek = 1 and home_formation is not null order by 1 limit 1",
        )[0]
    )


def page_of(client: Client, fixture_id: int, query: str = "") -> str:
    response = client.get(f"/matches/{fixture_id}/{query}")
    assert response.status_code == 200, response.text
    return response.text


def test_a_match_has_its_score_teams_and_kickoff(pages: Client, unchanged: Pipelines, fixture_id: int) -> None:
    home, away, home_score, away_score = row(
        unchanged,
        "select home_team, away_team, home_score, away_score from fpl.fixtures where fixture_id = %s",
        fixture_id,
    )
    text = text_of(page_of(pages, fixture_id))
    assert f"{home} {home_score}\N{EN DASH}{away_score} {away}" in text
    assert re.search(r"Gameweek 1 · Kick-off \w{3} \d+ Aug \d\d:\d\d · At the ground of " + home, text)


def test_everybody_who_played_is_listed_with_the_figures(pages: Client, unchanged: Pipelines, fixture_id: int) -> None:
    page = page_of(pages, fixture_id)
    played = unchanged.conn.execute(
        "select player, minutes, rating, points, venue from fpl.player_matches where fixture_id = %s and minutes > 0",
        [fixture_id],
    ).fetchall()
    assert len(played) >= 22
    rows = [text_of(one) for one in re.findall(r"<tr[^>]*>.*?</tr>", page, re.DOTALL)]
    for player, minutes, rating, points, _ in played:
        shown = "\N{EN DASH}" if rating is None else f"{rating:.1f}"
        line = re.compile(rf"\b{re.escape(player)}\b.* {minutes} {shown} {points} ")
        assert any(line.search(one) for one in rows), (player, minutes, rating, points)
    assert page.count('class="part"') == 4
    assert page.index('id="home"') < page.index('id="away"')


def test_starters_come_in_the_order_of_the_formation(pages: Client, unchanged: Pipelines, fixture_id: int) -> None:
    order = row(
        unchanged,
        "select array_agg(lines.player_id order by lineup_order) from pulse.sofasport_lineup_players as lines"
        " join fpl.fixtures using (event_id) where fixture_id = %s and side = 'home' and is_starter",
        fixture_id,
    )[0]
    home = page_of(pages, fixture_id).split('id="home"')[1].split("Substitutes")[0]
    assert [int(one) for one in re.findall(r"\?player=(\d+)#heatmap", home)] == order


def test_a_click_on_a_player_shows_the_heatmap_and_leads_on_to_the_player(
    pages: Client, unchanged: Pipelines, fixture_id: int
) -> None:
    player, code, name, points = row(
        unchanged,
        "select heatmaps.sofasport_player_id, code, player, points from fpl.heatmaps"
        " where fixture_id = %s order by points desc, code limit 1",
        fixture_id,
    )
    link = f"?player={player}#heatmap"
    assert f'href="./{link}"' in page_of(pages, fixture_id) or f'href="{link}"' in page_of(pages, fixture_id)
    page = page_of(pages, fixture_id, f"?player={player}")
    section = page.split('id="heatmap"')[1].split("</section>")[0]
    assert f"Heatmap of {name}" in text_of(section)
    assert f"{points} recorded actions" in unescape(section)
    assert f"players/{code}/" in section
    assert page.count('class="chosen"') == 1
    pictures = re.findall(r'src="\.\./\.\./(pictures/[^"]+)"', unescape(section))
    assert [address[-5:] for address in pictures] == ["light", "=dark"]
    for address in pictures:
        assert pages.get(f"/{address}").headers["Content-Type"] == "image/png"


def test_a_click_on_a_player_on_the_pitch_shows_the_heatmap(
    pages: Client, unchanged: Pipelines, fixture_id: int
) -> None:
    page = page_of(pages, fixture_id)
    pitch = page.split('<svg class="areas"')[1].split("</svg>")[0]
    links = re.findall(r'<a href="([^"]+)" aria-label="([^"]+)">', pitch)
    starters = unchanged.conn.execute(
        "select lines.player_id, coalesce(linked.web_name, people.name) from pulse.sofasport_lineup_players as lines"
        " join fpl.fixtures using (event_id) join pulse.sofasport_players as people using (player_id)"
        " left join pulse.player_mappings as links on links.sofasport_player_id = player_id"
        " left join pulse.fpl_players as linked on linked.code = links.fpl_code and linked.season = fixtures.season"
        " where fixture_id = %s and is_starter",
        [fixture_id],
    ).fetchall()
    assert len(starters) == 22
    assert {(link.split("?player=")[1], unescape(name)) for link, name in links} == {
        (f"{player}#heatmap", f"Heatmap of {name}") for player, name in starters
    }
    # The links lie over the picture whose height the page states.
    picture = page.split('aria-labelledby="lineups"')[1].split("<svg")[0]
    (height, _) = re.findall(r'height="(\d+)"', picture)
    assert f'viewBox="0 0 800 {height}"' in page


def test_a_player_of_another_match_is_not_found(pages: Client, fixture_id: int) -> None:
    response = pages.get(f"/matches/{fixture_id}/?player=1")
    assert response.status_code == 404
    assert f"in no lineup of fixture {fixture_id}" in unescape(response.text)
    assert pages.get("/matches/999999/").status_code == 404
    assert pages.get(f"/matches/{fixture_id}/?player=x").status_code == 422


def test_both_teams_stand_beside_each_other(pages: Client, unchanged: Pipelines, fixture_id: int) -> None:
    figures: dict[str, list[int]] = dict(
        unchanged.conn.execute(
            "select venue, array[shots, passes, touches] from fpl.team_matches where fixture_id = %s", [fixture_id]
        ).fetchall()
    )
    text = text_of(page_of(pages, fixture_id).split('class="teams"')[1])
    for title, home, away in zip(("Shots", "Passes", "Touches"), figures["home"], figures["away"], strict=True):
        assert f" {home} {title} {away} " in text


def test_missing_players_are_named(pages: Client, unchanged: Pipelines) -> None:
    fixture_id, names = row(
        unchanged,
        "select fixture_id, array_agg(people.name) from fpl.fixtures"
        " join pulse.sofasport_lineups as sides using (event_id)"
        " cross join jsonb_array_elements_text(missing_players) as missing (id)"
        " join pulse.sofasport_players as people on people.player_id = missing.id::int"
        " group by 1 order by 1 limit 1",
    )
    missing = page_of(pages, fixture_id).split("</figure>")[1].split("</section>")[0]
    assert len(re.findall(r"<bdi", missing)) - missing.count("without:") == len(names)


@pytest.mark.parametrize("picture", ["lineups", "teams"])
@pytest.mark.parametrize(("form", "kind"), [("png", "image/png"), ("svg", "image/svg+xml")])
def test_the_pictures_of_a_match(pages: Client, fixture_id: int, picture: str, form: str, kind: str) -> None:
    address = f"/pictures/matches/{fixture_id}/{picture}.{form}"
    light, dark = (pages.get(address, params={"theme": theme}) for theme in ("light", "dark"))
    assert (light.status_code, light.headers["Content-Type"]) == (200, kind)
    assert light.content != dark.content
    again = pages.get(address, params={"theme": "light"}, headers={"If-None-Match": light.headers["ETag"]})
    assert again.status_code == 304
    assert f"/{picture}.{form}" in pages.get(f"/matches/{fixture_id}/").text


def test_the_alternative_texts_say_what_the_pictures_show(pages: Client, unchanged: Pipelines, fixture_id: int) -> None:
    alts = [unescape(one) for one in re.findall(r'alt="([^"]*)"', page_of(pages, fixture_id))]
    starters = unchanged.conn.execute(
        "select player from fpl.player_matches where fixture_id = %s and sofasport_is_starter", [fixture_id]
    ).fetchall()
    assert len(starters) >= 20
    assert all(any(name in alt for alt in alts) for (name,) in starters)
    assert any("recorded actions" in alt and "attacking third" in alt for alt in alts)


def test_a_match_that_has_not_been_played(pages: Client, unchanged: Pipelines) -> None:
    (fixture,) = row(
        unchanged, "select fixture_id from fpl.fixtures where state = 'scheduled' and event_id > 0 limit 1"
    )
    text = text_of(page_of(pages, fixture))
    assert "This match has not been played yet" in text
    assert "Both teams" not in text
    assert "Heatmaps of both teams" not in text


def set_(installation: Pipelines, table: str, values: str, where: str, *parameters: object) -> None:
    """Change stored rows."""
    installation.conn.execute(f"update pulse.{table} set {values} where {where}".encode(), parameters)


def postpone(installation: Pipelines, fixture_id: int) -> None:
    installation.conn.execute("delete from pulse.fpl_player_fixtures where fixture_id = %s", [fixture_id])
    values = "kickoff_at = null, gameweek = null, started = false, finished = false, finished_provisional = false"
    set_(installation, "fpl_fixtures", values + ", home_score = null, away_score = null", "fixture_id = %s", fixture_id)


def unlink_match(installation: Pipelines, fixture_id: int) -> None:
    installation.conn.execute("delete from pulse.fixture_mappings where fixture_id = %s", [fixture_id])


def remove_lineups(installation: Pipelines, fixture_id: int) -> None:
    for table in ("sofasport_lineup_players", "sofasport_lineups"):
        installation.conn.execute(f"delete from pulse.{table} where {OF_MATCH}".encode(), [fixture_id])


def predict(installation: Pipelines, fixture_id: int) -> None:
    set_(installation, "sofasport_lineups", "confirmed = false", OF_MATCH, fixture_id)


def unlink_player(installation: Pipelines, fixture_id: int) -> None:
    installation.conn.execute(
        "delete from pulse.player_mappings where sofasport_player_id = (select sofasport_player_id"
        " from fpl.player_matches where fixture_id = %s and minutes = 90 order by code limit 1)",
        [fixture_id],
    )


def other_score(installation: Pipelines, fixture_id: int) -> None:
    set_(installation, "sofasport_events", "home_score = 77", OF_MATCH, fixture_id)


LACKING: tuple[tuple[Callable[[Pipelines, int], None], str, str], ...] = (
    (postpone, "FPL has postponed this match and has not set a new date.", "Both teams"),
    (unlink_match, "No SofaSport event is linked to this fixture", "Heatmaps of both teams"),
    (remove_lineups, "SofaSport's lineups of this match are not stored", "Heatmaps of both teams"),
    (predict, "The lineups are a prediction", "are not stored"),
    (unlink_player, "1 player has no link to FPL", "are not stored"),
    (other_score, "SofaSport 77\N{EN DASH}", "are not stored"),
)


def test_what_is_missing_is_said_in_a_sentence(changing_pages: tuple[Pipelines, Client]) -> None:
    installation, pages = changing_pages
    played = installation.conn.execute(
        "select fixture_id from fpl.fixtures where state = 'final' and home_formation is not null order by 1"
    ).fetchall()
    for (change, sentence, absent), (fixture,) in zip(LACKING, played[: len(LACKING)], strict=True):
        assert sentence not in text_of(page_of(pages, fixture)), change
        change(installation, fixture)
        page = page_of(pages, fixture)
        assert sentence in text_of(page), change
        assert absent not in text_of(page), change


def test_the_elevens_stand_where_their_heatmaps_say_without_an_order(
    changing_pages: tuple[Pipelines, Client], fixture_id: int
) -> None:
    installation, pages = changing_pages
    address = f"/pictures/matches/{fixture_id}/lineups.svg"
    before = pages.get(address).content
    set_(installation, "sofasport_lineup_players", "lineup_order = null", "true")
    after = pages.get(address)
    assert after.status_code == 200
    assert after.content != before


def test_only_differing_figures_are_listed_with_what_they_mean(
    changing_pages: tuple[Pipelines, Client], fixture_id: int
) -> None:
    installation, pages = changing_pages
    code, player_id, name = row(
        installation,
        "select code, sofasport_player_id, player from fpl.player_matches where fixture_id = %s and minutes = 90"
        " order by code limit 1",
        fixture_id,
    )
    installation.conn.execute("delete from pulse.figure_differences")
    assert "The sources agree" in text_of(page_of(pages, fixture_id))
    for figure, ours, theirs, counts in (("minutes", 90, 88, False), ("goals", 1, 0, True), ("assists", 0, 1, False)):
        installation.conn.execute(
            "insert into pulse.figure_differences values (%s, %s, %s, %s, %s, %s, %s, %s)",
            [SEASON, fixture_id, figure, code, player_id, theirs, ours, counts],
        )
    of_player = "fixture_id = %s and fpl_code = %s"
    set_(installation, "player_matches", "saves = 0, sofasport_saves = 3", of_player, fixture_id, code)
    text = text_of(page_of(pages, fixture_id).split('id="differences"')[1])
    assert f"{name} Minutes 90 88 Within the tolerance of the weekly check." in text
    assert f"{name} Goals 1 0 counts The weekly check counts it." in text
    assert f"{name} Assists 0 1 The sources define assists differently." in text
    assert re.search(rf"{re.escape(name)} Saves 0 3 The weekly check does not compare it\.", text)


def test_hostile_names_are_shown_harmlessly(changing_pages: tuple[Pipelines, Client], fixture_id: int) -> None:
    installation, pages = changing_pages
    names = list(HOSTILE)
    nth = f"(%s::text[])[1 + {{}} %% {len(names)}]"
    set_(installation, "fpl_players", f"web_name = {nth.format('element_id')}", "true", names)
    set_(installation, "sofasport_players", f"name = {nth.format('player_id')}", "true", names)
    set_(installation, "fpl_teams", f"name = {nth.format('code')}", "true", names)
    set_(installation, "sofasport_lineups", "formation = %s", "side = 'home'", names[0])
    page = page_of(pages, fixture_id)
    assert "<script>alert" not in page
    assert "<img src=x>" not in page
    # A right-to-left name turns nothing around it.
    assert [name for name in names if f'<bdi class="cut">{escape(name)}</bdi>' not in page] == []
    for picture in ("lineups", "teams"):
        answer = pages.get(f"/pictures/matches/{fixture_id}/{picture}.svg")
        assert answer.status_code == 200
        assert "<script" not in answer.text


def test_every_link_keeps_an_earlier_season(changing_pages: tuple[Pipelines, Client], fixture_id: int) -> None:
    installation, pages = changing_pages
    installation.conn.execute("insert into pulse.fpl_seasons (season, observed_at) values ('2026-27', now())")
    page = unescape(page_of(pages, fixture_id, f"?season={SEASON}"))
    links = re.findall(r'(?:href|src)="([^"#]*(?:players?|gameweeks|pictures)/?[^"]*)"', page.split("<main")[1])
    assert len(links) > 40
    assert [one for one in links if f"season={SEASON}" not in one] == []
    assert pages.get(f"/matches/{fixture_id}/").status_code == 404
