"""The page of a player, and its pictures."""

import re
from html import unescape

import pytest

from dev.pipelines import Pipelines
from tests.web.browsing import text_of
from tests.web.serving import Client
from tests.web.test_players_page import rows

PNG, SVG = b"\x89PNG", b"<?xml"
NAMES = ("radar", "heatmap", "ratings", "prices", "points")


def busiest(installation: Pipelines, position: str = "Midfielder") -> int:
    """A linked player who has played both matches."""
    ((code,),) = rows(
        installation,
        "select code from fpl.player_matches where position = %s and minutes > 0 and rating is not null"
        " group by code having count(*) = 2 order by sum(minutes) desc, code limit 1",
        position,
    )
    return int(code)


def test_the_page_names_the_player_with_totals_and_matches(pages: Client, unchanged: Pipelines) -> None:
    code = busiest(unchanged)
    ((name, team, points, minutes),) = rows(
        unchanged, "select player, team, points, minutes from fpl.player_seasons where code = %s", code
    )
    page = pages.get(f"/players/{code}/").text
    shown = text_of(page)
    assert f"<h1>{name}</h1>" in page
    assert f"{team} · Midfielder · 2025-26" in shown
    assert f"Points {points} Points per 90" in shown
    assert f"Minutes {minutes} Goals" in shown
    fixtures = [
        fixture for (fixture,) in rows(unchanged, "select fixture_id from fpl.player_matches where code = %s", code)
    ]
    assert fixtures
    assert all(f'href="../../matches/{fixture}/?player=' in page for fixture in fixtures)
    assert f'href="../../compare/?players={code}"' in page


def test_every_picture_of_the_page_is_there(pages: Client, unchanged: Pipelines) -> None:
    page = pages.get(f"/players/{busiest(unchanged)}/").text
    addresses = set(re.findall(r'(?:src|href)="\.\./\.\./(pictures/[^"]+)"', page))
    # Five charts in two themes and as SVG, and a heatmap of each match.
    assert len(addresses) == 5 * 3 + 2
    for address in addresses:
        if "theme=dark" not in address:
            picture = pages.get("/" + unescape(address))
            assert picture.status_code == 200, address
            assert picture.content.startswith(SVG if ".svg" in address else PNG), address
    alts = re.findall(r'alt="([^"]*)"', page)
    assert len(alts) == 10
    assert all(len(alt) > 30 for alt in alts)


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_of_nobody_is_not_found(pages: Client, name: str) -> None:
    assert pages.get(f"/pictures/players/77/{name}.png").status_code == 404
    assert pages.get(f"/pictures/players/0/{name}.png").status_code == 422


def test_a_picture_follows_its_data(changing_pages: tuple[Pipelines, Client]) -> None:
    installation, client = changing_pages
    path = f"/pictures/players/{(code := busiest(installation))}/ratings.png"
    before = client.get(path)
    assert client.get(path).content == before.content
    assert client.get(path, headers={"If-None-Match": before.headers["ETag"]}).status_code == 304
    installation.conn.execute(
        "update pulse.sofasport_lineup_players set rating = 9.9 where player_id in"
        " (select sofasport_player_id from pulse.player_mappings where fpl_code = %s)",
        [code],
    )
    assert client.get(path).content != before.content


def test_a_corrected_rating_is_shown_with_the_earlier_one(changing_pages: tuple[Pipelines, Client]) -> None:
    installation, client = changing_pages
    code = busiest(installation)
    ((event, profile, old),) = rows(
        installation,
        "select event_id, sofasport_player_id, rating from fpl.player_matches where code = %s and gameweek = 1",
        code,
    )
    for rating in (9.1, 9.3):
        installation.conn.execute(
            "update pulse.sofasport_lineup_players set rating = %s, observed_at = observed_at + interval '1 day'"
            " where event_id = %s and player_id = %s",
            [rating, event, profile],
        )
    page = text_of(client.get(f"/players/{code}/").text)
    assert f"9.3 (was {old:.1f}) (was 9.1)" in page
    assert rows(installation, "select from fpl.corrections where code = %s and figure = 'rating'", code) != []


def test_a_figure_that_differs_from_fpls_is_marked(changing_pages: tuple[Pipelines, Client]) -> None:
    installation, client = changing_pages
    code = busiest(installation)
    assert "\N{NOT EQUAL TO} 7" not in client.get(f"/players/{code}/").text
    installation.conn.execute(
        "update pulse.sofasport_lineup_players set goals = 7 where player_id ="
        " (select sofasport_player_id from fpl.players where code = %s)",
        [code],
    )
    assert client.get(f"/players/{code}/").text.count("\N{NOT EQUAL TO} 7") == 2


def test_percentiles_state_their_minutes_and_the_number_of_players(pages: Client, unchanged: Pipelines) -> None:
    code = busiest(unchanged)
    per_90 = dict(
        rows(
            unchanged,
            "select code, round(90.0 * points / minutes, 2) from fpl.player_seasons"
            " where position = 'Midfielder' and minutes >= 45",
        )
    )
    own = per_90.pop(code)
    worse = sum(1 for one in per_90.values() if one < own) + sum(1 for one in per_90.values() if one == own) / 2
    page = text_of(pages.get(f"/players/{code}/").text)
    # Two matches have been played: a quarter of 180 minutes.
    assert f"Compared with {len(per_90)} other midfielders of 2025-26 with at least 45 minutes." in page
    assert re.search(rf"Points {own:.2f} [\d.]+ {round(100 * worse / len(per_90))} Goals", page)


def test_a_player_with_few_minutes_has_figures_but_no_percentiles(changing_pages: tuple[Pipelines, Client]) -> None:
    installation, client = changing_pages
    code = busiest(installation)
    installation.conn.execute(
        "update pulse.fpl_player_fixtures set minutes = 20 where fpl_code = %s and minutes > 0", [code]
    )
    page = client.get(f"/players/{code}/").text
    assert "has played 40 minutes, fewer than the 45 that a percentile needs." in text_of(page)
    assert 'class="bar"' not in page


def test_a_goalkeeper_has_measures_and_axes_of_goalkeepers(pages: Client, unchanged: Pipelines) -> None:
    page = text_of(pages.get(f"/players/{busiest(unchanged, 'Goalkeeper')}/").text)
    assert "Goals conceded (fewer is better)" in page
    assert "Among goalkeepers, per 90 minutes" in page
    assert "Key passes" not in page


def test_a_player_without_minutes_and_link_is_explained(pages: Client, unchanged: Pipelines) -> None:
    ((code, name),) = rows(
        unchanged, "select code, player from fpl.players where sofasport_player_id is null and minutes = 0 limit 1"
    )
    page = text_of(pages.get(f"/players/{code}/").text)
    assert f"{name} is not linked to a profile of SofaSport" in page
    assert f"{name} has not played in this season. FPL has 2 matches without minutes." in page
    assert "so there are no figures per 90 minutes" in page
    assert f"SofaSport has no heatmap of {name} in 2025-26." in page
    for picture in NAMES:
        assert pages.get(f"/pictures/players/{code}/{picture}.png").content.startswith(PNG)


def test_two_profiles_of_one_player_are_named(changing_pages: tuple[Pipelines, Client]) -> None:
    installation, client = changing_pages
    code = busiest(installation)
    ((other,),) = rows(
        installation, "select min(sofasport_player_id) from pulse.player_mappings where fpl_code <> %s", code
    )
    installation.conn.execute(
        "update pulse.player_mappings set fpl_code = %s where sofasport_player_id = %s", [code, other]
    )
    page = text_of(client.get(f"/players/{code}/").text)
    assert "SofaSport has 2 profiles of" in page
    assert f"({other}, " in page


def test_a_move_in_mid_season_is_explained(changing_pages: tuple[Pipelines, Client]) -> None:
    installation, client = changing_pages
    code = busiest(installation)
    ((event, profile, club, opponent),) = rows(
        installation,
        "select event_id, sofasport_player_id, team, opponent from fpl.player_matches where code = %s and gameweek = 1",
        code,
    )
    assert "moved in mid-season" not in client.get(f"/players/{code}/").text
    installation.conn.execute(
        "update pulse.sofasport_lineup_players set side = case side when 'home' then 'away' else 'home' end"
        " where event_id = %s and player_id = %s",
        [event, profile],
    )
    page = text_of(client.get(f"/players/{code}/").text)
    assert f"the last match for {opponent} was in gameweek 1, the first one for {club} in gameweek 2." in page


def test_a_player_of_an_earlier_season(changing_pages: tuple[Pipelines, Client]) -> None:
    installation, client = changing_pages
    code = busiest(installation)
    installation.conn.execute(
        """
        insert into pulse.fpl_seasons
        select one.* from pulse.fpl_seasons as stored,
          jsonb_populate_record(stored, '{"season": "2024-25", "observed_at": "2024-08-01T00:00:00Z"}') as one;
        insert into pulse.fpl_teams
        select one.* from pulse.fpl_teams as stored, jsonb_populate_record(stored, '{"season": "2024-25"}') as one;
        insert into pulse.fpl_players
        select one.* from pulse.fpl_players as stored, jsonb_populate_record(stored, '{"season": "2024-25"}') as one
        """
    )
    page = client.get(f"/players/{code}/?season=2024-25").text
    assert "has no match in this season yet." in text_of(page)
    assert "Back to the current season" in page
    assert 'href="?season=2025-26"' in page
    assert f'src="../../pictures/players/{code}/radar.png?season=2024-25&amp;theme=light"' in page
    assert f'href="../../compare/?players={code}&amp;season=2024-25"' in page
    installation.conn.execute("delete from pulse.fpl_players where season = '2024-25' and code = %s", [code])
    gone = client.get(f"/players/{code}/?season=2024-25")
    assert gone.status_code == 404
    assert "FPL does not list this player in 2024-25, but in 2025-26." in text_of(gone.text)


def test_an_unknown_player_is_named(pages: Client) -> None:
    response = pages.get("/players/77/")
    assert response.status_code == 404
    assert "no player with the code 77 in 2025-26" in text_of(response.text)


def test_attributes_of_earlier_seasons_are_not_shown_as_those_of_this_one(
    changing_pages: tuple[Pipelines, Client],
) -> None:
    installation, client = changing_pages
    ((code, name),) = rows(
        installation, "select code, player from fpl.radar_seasons where season = '2024-25' order by code limit 1"
    )
    installation.conn.execute("delete from pulse.sofasport_attributes where season = '2025-26'")
    page = client.get(f"/players/{code}/").text
    assert f"SofaSport has no attributes of 2025-26 for {name}; the newest are of 2024-25." in text_of(page)
    assert "season 2025-26: no attributes of this season." in page
