"""`index.html` of a pack: what it shows, that it needs nothing from outside, and that hostile names are text."""

import csv
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import psycopg
import pytest
from PIL import Image
from psycopg.pq import TransactionStatus

from dev.pipelines import Pipelines
from fpl_pulse.charts.points import PointsAndExpected
from fpl_pulse.charts.ratings import Ratings
from fpl_pulse.packs import pack as packing
from fpl_pulse.packs.folder import Folder
from fpl_pulse.packs.overview import BEST, SHOWN, read_overview
from fpl_pulse.packs.pack import write_pack
from fpl_pulse.packs.page import PAGE, PICTURES, write_page
from fpl_pulse.packs.snapshot import as_of_of
from tests.db.packs import GAMEWEEK, SEASON, hashes, stored

HOSTILE = ("<script>alert(1)</script>", "\u202e\u0645\u062d", "W" * 300, "\U0001f98a $x^2$", '"><img src=x onerror=y>')


@dataclass
class Page(HTMLParser):
    """A parsed page."""

    text: str
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    words: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def targets(self) -> list[str]:
        """Everything that the page links to or loads."""
        return [value or "" for _, found in self.tags for name, value in found.items() if name in ("href", "src")]


def drawn(conn: psycopg.Connection[Any], folder: Path, gameweek: int = GAMEWEEK) -> Page:
    """The page of a gameweek without the rest of the pack."""
    write_page(folder, read_overview(conn, SEASON, gameweek), as_of_of(conn, SEASON), [])
    return Page((folder / PAGE).read_text())


@pytest.fixture(scope="module")
def pack(unchanged: Pipelines, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pack of the small league's newest gameweek."""
    return Path(write_pack(unchanged.conn, Folder(tmp_path_factory.mktemp("packs"))).address)


@pytest.fixture(scope="module")
def page(pack: Path) -> Page:
    return Page((pack / PAGE).read_text())


def test_every_link_leads_to_a_file_of_the_pack_or_to_a_part_of_the_page(pack: Path, page: Page) -> None:
    files = {file["path"] for file in stored(pack)["files"]}
    parts = {f"#{found['id']}" for _, found in page.tags if "id" in found}
    assert set(page.targets) <= files | parts
    assert {"defects.md", "README.md", "season.duckdb", "gameweek/player_gameweeks.csv"} <= set(page.targets)
    tables = {path for path in files if path.endswith(".csv")}
    assert tables <= set(page.targets)


def test_every_picture_is_shown_with_its_size_and_an_alternative_text(pack: Path, page: Page) -> None:
    images = page.all("img")
    assert {found["src"] for found in images} == {f"{PICTURES}/{path.name}" for path in (pack / PICTURES).iterdir()}
    for found in images:
        with Image.open(pack / str(found["src"])) as picture:
            picture.load()
            assert picture.format == "PNG"
            assert (str(picture.width), str(picture.height)) == (found["width"], found["height"])
        assert len(found["alt"] or "") > 30
        assert (found["alt"] or "").endswith(".")


def test_the_gameweek_has_its_matches_and_best_players(unchanged: Pipelines, pack: Path, page: Page) -> None:
    names = {Path(str(found["src"])).stem for found in page.all("img")}
    matches = unchanged.conn.execute(
        "select fixture_id from fpl.fixtures where gameweek = %s and home_formation is not null", [GAMEWEEK]
    ).fetchall()
    expected = {f"match-{number}-{kind}" for (number,) in matches for kind in ("lineups", "heatmaps")}
    assert len(matches) >= 3
    assert expected | {"team-of-the-week"} == {name for name in names if not name.startswith("player-")}
    with (pack / "gameweek" / "player_gameweeks.csv").open(encoding="utf-8-sig") as file:
        played = [row for row in csv.DictReader(file) if int(row["minutes"] or 0) > 0]
    best = sorted((int(row["points"]) for row in played), reverse=True)[:BEST]
    listed = page.text.split('id="by-points">')[1].split("</section>")[0]
    assert [int(line.partition("</strong>")[0]) for line in listed.split("<strong>")[1:]] == best
    of_players = {name.split("-")[1] for name in names if name.startswith("player-")}
    shown = {row["code"] for row in played if int(row["points"]) > best[SHOWN]}
    assert len(of_players) == SHOWN
    assert shown <= of_players
    for code in of_players:
        assert {f"player-{code}-ratings", f"player-{code}-points"} <= names
        assert any(name.startswith(f"player-{code}-heatmap-") for name in names)


def test_the_page_says_when_its_data_is_from(page: Page) -> None:
    assert "data as of 2025-08-27 02:00 UTC" in page.words
    assert "matches are final." in page.words or "matches have been played." in page.words


def test_the_page_has_no_script_and_asks_for_nothing_outside(page: Page) -> None:
    assert not {"script", "iframe", "object", "link", "base", "form"} & {tag for tag, _ in page.tags}
    assert not [name for _, found in page.tags for name in found if name.startswith("on")]
    assert all(part not in page.text for part in ("://", "url(", "@import", "javascript:"))
    policy = next(found["content"] for found in page.all("meta") if "http-equiv" in found)
    assert (policy or "").startswith("default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'")


def test_the_same_data_gives_the_same_page_and_pictures(unchanged: Pipelines, pack: Path, tmp_path: Path) -> None:
    drawn(unchanged.conn, tmp_path)
    again = hashes(tmp_path / PICTURES)
    assert again == hashes(pack / PICTURES)
    assert len(again) > 10


def test_the_pictures_are_drawn_after_the_transaction(
    small: Pipelines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def look(*_: object) -> None:
        seen.append(small.conn.info.transaction_status)

    monkeypatch.setattr(packing, "write_page", look)
    write_pack(small.conn, Folder(tmp_path))
    assert seen == [TransactionStatus.IDLE]


def test_hostile_names_are_text(small: Pipelines, tmp_path: Path) -> None:
    small.conn.execute("update pulse.fpl_players set web_name = (%s::text[])[1 + element_id %% 5]", [list(HOSTILE)])
    small.conn.execute("update pulse.fpl_teams set name = (%s::text[])[1 + code %% 5] || code", [list(HOSTILE)])
    page = drawn(small.conn, tmp_path)
    assert {tag for tag, _ in page.tags} <= {
        "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "nav", "section", "div", "h1",
        "h2", "h3", "p", "ul", "li", "a", "img", "bdi", "span", "strong", "abbr", "table", "thead", "tbody", "tr", "th",
        "td",
    }  # fmt: skip
    assert not [name for _, found in page.tags for name in found if name.startswith("on")]
    assert any(one in page.words for one in HOSTILE)
    assert all(one.startswith(("#", f"{PICTURES}/", "README", "data-d", "defects", "season.")) for one in page.targets)


def test_a_gameweek_without_matches_says_so(small: Pipelines, tmp_path: Path) -> None:
    small.conn.execute(
        "update pulse.fpl_fixtures set gameweek = null where season = %s and gameweek = %s", [SEASON, GAMEWEEK]
    )
    page = drawn(small.conn, tmp_path)
    assert "No match is planned for this gameweek." in page.words
    assert "This gameweek has no match." in page.words
    assert page.all("img") == []
    assert list((tmp_path / PICTURES).iterdir()) == []


def test_a_match_without_lineups_says_so(small: Pipelines, tmp_path: Path) -> None:
    fixture_id, event_id = small.conn.execute(
        "select fixture_id, event_id from fpl.fixtures where gameweek = %s and event_id is not null order by 1 limit 1",
        [GAMEWEEK],
    ).fetchall()[0]
    for table in ("sofasport_heatmaps", "sofasport_lineup_players", "sofasport_lineups"):
        small.conn.execute(f"delete from pulse.{table} where event_id = %s".encode(), [event_id])
    page = drawn(small.conn, tmp_path)
    part = page.text.split(f'id="match-{fixture_id}"')[1].split("</section>")[0]
    assert "SofaSport's lineups of this match are not stored." in part
    assert "<img" not in part
    assert page.all("img")


def test_the_charts_of_an_earlier_gameweek_end_with_it(unchanged: Pipelines) -> None:
    overview = read_overview(unchanged.conn, SEASON, 1)
    charts = [one for found in overview.charts.values() for one in found.values()]
    by_gameweek = [one for one in charts if isinstance(one, Ratings | PointsAndExpected)]
    assert len(by_gameweek) == 2 * SHOWN
    assert {match.gameweek for one in by_gameweek for match in one.matches} == {1}
