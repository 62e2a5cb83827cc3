"""Players, matches, gameweeks, coverage and the week."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests

from dev.pipelines import Pipelines
from fpl_pulse.api import source_clock
from fpl_pulse.web.app import create_app
from fpl_pulse.web.database import Database, Reader
from fpl_pulse.web.tokens import require_token
from fpl_pulse.week import WEEK
from tests.web.conftest import connector
from tests.web.serving import TOKEN, Client, served


class CountedDatabase(Database):
    """A database that counts the requests that hold a connection."""

    in_use = 0
    opened = 0

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        with super().reading() as reader:
            self.in_use += 1
            self.opened += 1
            try:
                yield reader
            finally:
                self.in_use -= 1


def rows(installation: Pipelines, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
    return installation.conn.execute(statement.encode(), parameters).fetchall()


def test_pages_have_every_player_once(api: Client, unchanged: Pipelines) -> None:
    path, seen = "/api/players/?limit=37", []
    while path:
        page = api.json(path)
        seen += [player["element_id"] for player in page["items"]]
        assert page["total"] == len(rows(unchanged, "select from fpl.players"))
        path = page["next"] and f"/api/players/{page['next']}"
    assert sorted(seen) == [element for (element,) in rows(unchanged, "select element_id from fpl.players order by 1")]


def test_the_next_page_keeps_the_filters(api: Client) -> None:
    page = api.json("/api/players/?limit=2&position=Defender&search=a")
    assert parse_qs(page["next"][1:]) == {
        "season": ["2025-26"], "search": ["a"], "position": ["Defender"], "limit": ["2"], "offset": ["2"],
    }  # fmt: skip


def test_a_name_is_found_without_accents_and_in_any_case(changing: tuple[Pipelines, Client]) -> None:
    installation, api = changing
    ((element,),) = rows(installation, "select min(element_id) from pulse.fpl_players")
    installation.conn.execute(
        "update pulse.fpl_players set web_name = 'Ødegaard', first_name = 'Martín' where element_id = %s", [element]
    )
    for search in ("odegaard", "ØDEGAARD", "martin ode", "degaa", "o.degaard"):
        found = api.get("/api/players/", params={"search": search}).json()["items"]
        assert [player["element_id"] for player in found] == [element], search


@pytest.mark.parametrize("search", ["%", "_", "\\", "'", "\x00", "👍", "<script>", " ", "x" * 100, "zz zz zz"])
def test_a_strange_search_finds_nobody_or_everybody(api: Client, search: str) -> None:
    response = api.get("/api/players/", params={"search": search})
    assert response.status_code == 200
    assert response.json()["total"] in {0, api.json("/api/players/?limit=1")["total"]}


def test_players_of_a_club_and_a_position(api: Client, unchanged: Pipelines) -> None:
    name, short_name = rows(unchanged, "select team, short_name from fpl.teams order by team limit 1")[0]
    expected = {
        element
        for (element,) in rows(
            unchanged, "select element_id from fpl.players where team = %s and position = 'Forward'", name
        )
    }
    for team in (name, name.upper(), short_name.lower()):
        found = api.get("/api/players/", params={"team": team, "position": "Forward", "limit": 200}).json()["items"]
        assert {player["element_id"] for player in found} == expected


def test_an_unknown_club_names_the_clubs(api: Client, unchanged: Pipelines) -> None:
    response = api.get("/api/players/", params={"team": "Real Madrid"})
    assert response.status_code == 404
    for (name,) in rows(unchanged, "select team from fpl.teams"):
        assert name in response.json()["detail"]


def test_a_player_with_totals_and_matches(api: Client, unchanged: Pipelines) -> None:
    element, code, points, minutes = rows(
        unchanged, "select element_id, code, points, minutes from fpl.player_seasons order by points desc limit 1"
    )[0]
    by_element, by_code = api.json(f"/api/players/{element}/"), api.json(f"/api/players/code:{code}/")
    assert by_element == by_code
    assert (by_element["totals"]["points"], by_element["totals"]["minutes"]) == (points, minutes)
    matches = api.json(f"/api/players/{element}/matches/")
    assert sum(match["points"] for match in matches) == points
    assert [match["kickoff_at"] for match in matches] == sorted(match["kickoff_at"] for match in matches)


def test_matches_of_a_gameweek_and_a_club(api: Client, unchanged: Pipelines) -> None:
    everything = api.json("/api/matches/?limit=200")
    assert everything["total"] == len(everything["items"]) == len(rows(unchanged, "select from fpl.fixtures"))
    first = api.json("/api/matches/?gameweek=1")
    assert {match["gameweek"] for match in first["items"]} == {1}
    team = first["items"][0]["home_team"]
    of_club = api.get("/api/matches/", params={"gameweek": 1, "team": team}).json()["items"]
    assert of_club == first["items"][:1]


def test_a_match_has_its_players(api: Client) -> None:
    match = api.json("/api/matches/?gameweek=1")["items"][0]
    found = api.json(f"/api/matches/{match['fixture_id']}/")
    assert found["match"] == match
    starters = [player for player in found["players"] if player["starts"]]
    assert len(starters) == 22
    assert [player["venue"] for player in found["players"]] == sorted(
        (player["venue"] for player in found["players"]), reverse=True
    )


def test_gameweeks_seasons_coverage_and_week(api: Client, unchanged: Pipelines) -> None:
    assert api.json("/api/seasons/") == [{"season": "2025-26", "is_current": True}]
    assert len(api.json("/api/gameweeks/")) == len(rows(unchanged, "select from fpl.gameweeks"))
    coverage = api.json("/api/coverage/?gameweek=1")
    assert {one["gameweek"] for one in coverage} == {1}
    assert {"heatmaps", "attributes"} <= {one["what"] for one in coverage}
    assert {slot["dag_id"] for slot in api.json("/api/week-status/")} >= {"update_lineups", "collect_heatmaps"}


def test_the_coverage_is_that_of_the_newest_check(changing: tuple[Pipelines, Client]) -> None:
    installation, api = changing
    before = next(one for one in api.json("/api/coverage/?gameweek=1") if one["what"] == "heatmaps")
    installation.conn.execute(
        "insert into pulse.pipeline_runs (dag_id, run_id, as_of, state, started_at)"
        " values ('collect_heatmaps', 'later', '2025-09-03 02:00Z', 'running', now())"
    )
    installation.conn.execute(
        "insert into pulse.coverage (dag_id, run_id, season, gameweek, what, have, want, not_yet, least, is_enough,"
        " missing, as_of)"
        " select dag_id, 'later', season, gameweek, what, have - 1, want, not_yet, least, is_enough, missing,"
        " as_of + interval '7 days'"
        " from pulse.coverage where (dag_id, run_id, gameweek, what) = (%(dag_id)s, %(run_id)s, 1, %(what)s)",
        before,
    )
    after = next(one for one in api.json("/api/coverage/?gameweek=1") if one["what"] == "heatmaps")
    assert after["have"] == before["have"] - 1


def test_an_address_without_the_final_slash_is_the_same(api: Client) -> None:
    assert api.json("/api/players?limit=3") == api.json("/api/players/?limit=3")


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("/api/players/?season=2019-20", "Season 2019-20 is not stored. Stored seasons: 2025-26."),
        ("/api/players/999999/", "Season 2025-26 has no player 999999."),
        ("/api/players/code:1/matches/", "no player with the code 1."),
        ("/api/matches/999999/", "Season 2025-26 has no fixture 999999."),
        ("/api/sofasport/player/1/heatmap/99/", "Season 2025-26 has no gameweek 99."),
        ("/api/sofasport/player/1/match-stats/38/", "gameweek"),
    ],
)
def test_what_is_not_stored_is_named(api: Client, path: str, part: str) -> None:
    response = api.get(path)
    assert response.status_code == 404
    assert part in response.json()["detail"]
    assert response.json()["error"] == response.json()["detail"]


def test_the_week_is_that_of_the_sources_clock(
    api: Client, unchanged: Pipelines, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Other tests may have set the clock of the sandbox.
    address = f"{unchanged.source}/__sandbox__/clock"
    now = datetime.fromisoformat(requests.get(address, timeout=10).json()["as_of"])
    present = [datetime.fromisoformat(slot["slot_at"]) for slot in api.json("/api/week-status/")]
    assert len(present) == len(WEEK)
    assert all(slot - now > timedelta(days=100) for slot in present)
    monkeypatch.setenv(source_clock.SOURCE_CLOCK, address)
    slots = [datetime.fromisoformat(slot["slot_at"]) for slot in api.json("/api/week-status/")]
    assert len(slots) == len(WEEK)
    assert all(abs(slot - now) < timedelta(days=7) for slot in slots)
    monkeypatch.setenv(source_clock.SOURCE_CLOCK, "http://127.0.0.1:1/clock")
    response = api.get("/api/week-status/")
    assert response.status_code == 503
    assert "FPL_PULSE_SOURCE_CLOCK_URL" in response.json()["detail"]


def test_no_connection_is_held_while_the_sources_clock_responds(
    unchanged: Pipelines, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[int] = []

    def clock(time: datetime) -> datetime:
        held.append(store.in_use)
        return time

    monkeypatch.setenv(source_clock.SOURCE_CLOCK, "http://127.0.0.1:1/clock")
    monkeypatch.setattr(source_clock, "not_after_source", clock)
    store = CountedDatabase(connector(unchanged.conn))
    with ExitStack() as stack:
        stack.callback(store.close)
        api = stack.enter_context(served(create_app(store, require_token(TOKEN))))
        assert api.json("/api/week-status/")
    assert held == [0]
    assert store.opened == 1


@pytest.mark.parametrize("search", ["***", "…"])
def test_a_search_without_a_letter_finds_nobody(api: Client, search: str) -> None:
    found = api.get("/api/players/", params={"search": search}).json()
    assert (found["total"], found["items"]) == (0, [])
