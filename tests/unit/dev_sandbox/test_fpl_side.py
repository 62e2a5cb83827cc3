"""The FPL API of the sandbox, and its agreement with the SofaSport API."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

from fastapi.testclient import TestClient

from dev.sandbox.matches import minute_differs
from dev.sandbox.points import points_by_rule
from dev.sandbox.season import Season
from dev.sandbox.timestamps import MINUTE, iso

Ask = Callable[..., Any]
AFTER_SEASON = "2026-06-05T00:00:00Z"
SUMMED = [
    "minutes",
    "goals_scored",
    "assists",
    "clean_sheets",
    "goals_conceded",
    "saves",
    "bonus",
    "bps",
    "tackles",
    "starts",
    "yellow_cards",
    "total_points",
]


def test_bootstrap_has_the_league(ask: Ask) -> None:
    bootstrap = ask("/api/bootstrap-static/")
    assert [event["id"] for event in bootstrap["events"]] == list(range(1, 39))
    assert sorted(team["id"] for team in bootstrap["teams"]) == list(range(1, 21))
    assert [kind["singular_name_short"] for kind in bootstrap["element_types"]] == ["GKP", "DEF", "MID", "FWD"]
    assert sum(kind["element_count"] for kind in bootstrap["element_types"]) == len(bootstrap["elements"])
    current = [event for event in bootstrap["events"] if event["is_current"]]
    following = [event for event in bootstrap["events"] if event["is_next"]]
    assert (current[0]["id"], current[0]["data_checked"], following[0]["id"]) == (7, True, 8)
    for element in bootstrap["elements"]:
        assert isinstance(element["form"], str)
        assert isinstance(element["expected_goals"], str)
        assert isinstance(element["saves_per_90"], (int, float))


def test_elements_are_only_ever_added(ask: Ask) -> None:
    counts = []
    known: set[int] = set()
    for as_of in ("2025-08-10T00:00:00Z", "2025-11-20T00:00:00Z", AFTER_SEASON):
        ids = {element["id"] for element in ask("/api/bootstrap-static/", as_of)["elements"]}
        assert known <= ids
        known = ids
        counts.append(len(ids))
    assert counts[0] < counts[1] <= counts[2]


def test_season_totals_equal_the_sum_of_the_history_and_of_the_live_weeks(ask: Ask) -> None:
    elements = ask("/api/bootstrap-static/", "2025-10-13T01:00:00Z")["elements"]
    weeks: dict[int, Counter[str]] = {}
    for gameweek in range(1, 8):
        for row in ask(f"/api/event/{gameweek}/live/")["elements"]:
            weeks.setdefault(row["id"], Counter()).update({name: row["stats"][name] for name in SUMMED})
    for element in elements:
        assert {name: element[name] for name in SUMMED} == {name: weeks[element["id"]][name] for name in SUMMED}
    for element in elements[::25]:
        history = ask(f"/api/element-summary/{element['id']}/")["history"]
        assert {name: sum(line[name] for line in history) for name in SUMMED} == {
            name: element[name] for name in SUMMED
        }


def test_the_explained_points_are_the_points(ask: Ask) -> None:
    elements = ask("/api/event/5/live/")["elements"]
    assert any(row["stats"]["total_points"] for row in elements)
    for row in elements:
        explained = sum(line["points"] for block in row["explain"] for line in block["stats"])
        assert explained == row["stats"]["total_points"]


def test_fixture_statistics_add_up_to_the_score(ask: Ask) -> None:
    fixtures = ask("/api/fixtures/", event=3)
    assert sum(fixture["team_h_score"] + fixture["team_a_score"] for fixture in fixtures) > 0
    for fixture in fixtures:
        stats = {line["identifier"]: line for line in fixture["stats"]}
        for own, other in (("h", "a"), ("a", "h")):
            goals = sum(line["value"] for line in stats["goals_scored"][own])
            goals += sum(line["value"] for line in stats["own_goals"][other])
            assert goals == fixture[f"team_{own}_score"]


def test_official_minutes_and_goals_equal_sofasports(ask: Ask, season: Season) -> None:
    truth = ask("/__sandbox__/truth", "2025-10-13T01:00:00Z")
    element_of = {row["sofasport_player_id"]: row["fpl_element_id"] for row in truth["players"]}
    compared = 0
    for fixture in season.fixtures[:40:3]:
        live = {row["id"]: row["stats"] for row in ask(f"/api/event/{fixture.gameweek}/live/")["elements"]}
        lineups = ask("/v1/events/lineups", event_id=fixture.event_id)["data"]
        for row in lineups["home"]["players"] + lineups["away"]["players"]:
            element = element_of[row["player"]["id"]]
            if element is None:
                continue
            compared += 1
            statistics = row["statistics"]
            assert live[element]["goals_scored"] == statistics.get("goals", 0)
            assert live[element]["own_goals"] == statistics.get("ownGoals", 0)
            assert live[element]["saves"] == statistics.get("saves", 0)
            more = live[element]["minutes"] - statistics.get("minutesPlayed", 0)
            assert more == 0 or (more == 1 and minute_differs(season.seeded, fixture.fixture_id))
            assert live[element]["assists"] >= statistics.get("goalAssist", 0)
    assert compared > 400


def test_a_fixture_is_provisional_after_115_minutes_and_finished_after_three_hours(ask: Ask, season: Season) -> None:
    fixture = next(fixture for fixture in season.fixtures if fixture.planned_gameweek == 9)

    def flags(minutes: int) -> tuple[object, ...]:
        found = next(
            row
            for row in ask("/api/fixtures/", iso(fixture.kickoff_at + minutes * MINUTE))
            if row["id"] == fixture.fixture_id
        )
        bonus = [line for line in found["stats"] if line["identifier"] == "bonus" and line["h"] + line["a"]]
        return (
            found["started"],
            found["finished_provisional"],
            found["finished"],
            found["team_h_score"] is None,
            bool(bonus),
        )

    assert flags(-5) == (False, False, False, True, False)
    assert flags(114) == (True, False, False, False, False)
    assert flags(115) == (True, True, False, False, False)
    assert flags(180) == (True, True, True, False, True)


def test_one_postponed_fixture_makes_a_double_gameweek(ask: Ask, season: Season) -> None:
    moved = next(fixture for fixture in season.fixtures if fixture.gameweek != fixture.planned_gameweek)
    seen = []
    for as_of in ("2025-12-12T00:00:00Z", "2025-12-20T00:00:00Z", "2026-01-20T00:00:00Z"):
        shown = next(row for row in ask("/api/fixtures/", as_of) if row["id"] == moved.fixture_id)
        seen.append((shown["event"], shown["kickoff_time"] is None, shown["code"]))
    assert seen == [(16, False, moved.code), (None, True, moved.code), (24, False, moved.code)]
    assert len(ask("/api/fixtures/", event=16)) == 9
    assert len(ask("/api/fixtures/", event=24)) == 11
    club = season.clubs[moved.home].fpl_id
    live = ask("/api/event/24/live/", AFTER_SEASON)["elements"]
    team = {element["id"]: element["team"] for element in ask("/api/bootstrap-static/")["elements"]}
    assert {len(row["explain"]) for row in live if team[row["id"]] == club} == {2}


def test_both_sources_have_the_same_kickoffs_of_played_matches(
    ask: Ask, all_events: Callable[[str], list[dict[str, Any]]]
) -> None:
    starts = {event["id"]: event["startTimestamp"] for event in all_events(AFTER_SEASON)}
    fixtures = {fixture["id"]: fixture for fixture in ask("/api/fixtures/")}
    links = [row for row in ask("/__sandbox__/truth")["events"] if row["fpl_fixture_id"]]
    assert len(links) == len(fixtures) == 380
    for row in links:
        assert iso(starts[row["sofasport_event_id"]]) == fixtures[row["fpl_fixture_id"]]["kickoff_time"]


def test_most_gameweeks_have_a_monday_night_match(ask: Ask) -> None:
    nights = {
        fixture["event"]
        for fixture in ask("/api/fixtures/", AFTER_SEASON)
        if fixture["kickoff_time"][11:13] in ("19", "20") and weekday(fixture["kickoff_time"]) == 0
    }
    assert 7 in nights
    assert len(nights) > 22


def weekday(text: str) -> int:
    return datetime.fromisoformat(text).weekday()


def test_a_transferred_player_keeps_the_element_and_changes_the_team(ask: Ask, season: Season) -> None:
    mover = next(person for person in season.people if len(person.spells) == 2)
    teams = []
    for as_of in ("2025-08-20T00:00:00Z", "2026-03-01T00:00:00Z"):
        element = next(
            element
            for element in ask("/api/bootstrap-static/", as_of)["elements"]
            if mover.element and element["code"] == mover.element.code
        )
        teams.append((element["id"], element["team"]))
    assert teams[0][0] == teams[1][0]
    assert [team for _, team in teams] == [season.clubs[spell.club].fpl_id for spell in mover.spells]


def test_event_status_follows_the_match_days(ask: Ask) -> None:
    before = ask("/api/event-status/", "2025-10-04T13:00:00Z")["status"]
    assert {row["points"] for row in before} >= {"l", ""}
    after = ask("/api/event-status/", "2025-10-13T01:00:00Z")
    assert {row["points"] for row in after["status"]} == {"r"}
    assert after["leagues"] == "Updated"


def test_unknown_resources_of_fpl_are_404_with_a_detail(client: TestClient) -> None:
    for path in ("/api/element-summary/99999/", "/api/event/39/live/", "/api/event/x/live/", "/api/nothing/"):
        response = client.get(path)
        assert (response.status_code, list(response.json())) == (404, ["detail"])
    assert client.get("/api/fixtures/", params={"event": "x"}).status_code == 400


def test_goalkeepers_concede_the_opponents_score_and_clean_sheets_follow(ask: Ask, season: Season) -> None:
    clean = 0
    for fixture in season.fixtures[:30]:
        match = season.match(fixture)
        live = {row["id"]: row["stats"] for row in ask(f"/api/event/{fixture.gameweek}/live/")["elements"]}
        for side, against in zip(match.sides, match.score()[::-1], strict=True):
            keeper = side.appearances[0].person.element
            assert keeper is not None
            assert live[keeper.element_id]["goals_conceded"] == against
            assert live[keeper.element_id]["clean_sheets"] == (against == 0)
            clean += against == 0
    assert clean > 5


def test_points_follow_the_rules_of_the_game() -> None:
    keeper = Counter(minutes=90, goals_conceded=5, saves=7, penalties_saved=1)
    assert points_by_rule(keeper, 1) == [
        ("minutes", 90, 2),
        ("goals_conceded", 5, -2),
        ("saves", 7, 2),
        ("penalties_saved", 1, 5),
    ]
    defender = Counter(minutes=60, goals_scored=1, clean_sheets=1, defensive_contribution=10, yellow_cards=1, bonus=3)
    assert sum(points for _, _, points in points_by_rule(defender, 2)) == 2 + 6 + 4 + 2 - 1 + 3
    forward = Counter(minutes=59, goals_scored=2, assists=1, red_cards=1, defensive_contribution=11)
    assert sum(points for _, _, points in points_by_rule(forward, 4)) == 1 + 8 + 3 - 3
