"""SofaSport's payloads about one player: season totals, heatmaps, attributes."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from fastapi.testclient import TestClient

from dev.sandbox.season import Season
from dev.sandbox.timestamps import HOUR, iso

Ask = Callable[..., Any]
AllEvents = Callable[[str], list[dict[str, Any]]]


def test_season_statistics_are_the_sum_of_the_visible_matches(
    client: TestClient, ask: Ask, season: Season, all_events: AllEvents
) -> None:
    played = [event for event in all_events("2025-09-15T09:00:00Z") if event["status"]["code"] == 100]
    sums: dict[int, Counter[str]] = {}
    for event in played:
        data = ask("/v1/events/lineups", event_id=event["id"])["data"]
        for row in data["home"]["players"] + data["away"]["players"]:
            if row.get("statistics"):
                tally = sums.setdefault(row["player"]["id"], Counter())
                tally["appearances"] += 1
                for name, target in (
                    ("goals", "goals"),
                    ("totalPass", "totalPasses"),
                    ("saves", "saves"),
                    ("minutesPlayed", "minutesPlayed"),
                    ("goalAssist", "assists"),
                    ("duelWon", "totalDuelsWon"),
                    ("totalTackle", "tackles"),
                ):
                    tally[target] += row["statistics"].get(name, 0)
    assert len(sums) > 300
    query = {"seasons_id": played[0]["season"]["id"], "unique_tournament_id": 17, "player_stat_type": "overall"}
    for player_id, tally in list(sums.items())[::5]:
        statistics = ask("/v1/players/statistics/result", player_id=player_id, **query)["data"]["statistics"]
        assert len(statistics) >= 60
        assert ("assists" in statistics) == (tally["assists"] > 0)
        assert {name: statistics.get(name, 0) for name in tally} == dict(tally)
    idle = next(
        profile.sofasport_id
        for person in season.people
        for profile in person.profiles
        if profile.sofasport_id not in sums
    )
    text = {name: str(value) for name, value in query.items()}
    assert client.get("/v1/players/statistics/result", params={**text, "player_id": str(idle)}).status_code == 404


TABLE_KEYS = [
    "rating",
    "totalRating",
    "countRating",
    "minutesPlayed",
    "appearances",
    "goals",
    "expectedAssists",
    "bigChancesCreated",
    "bigChancesMissed",
    "totalShots",
    "shotsOnTarget",
    "accuratePasses",
    "totalPasses",
    "accuratePassesPercentage",
    "keyPasses",
    "accurateLongBalls",
    "accurateLongBallsPercentage",
    "tackles",
    "interceptions",
    "clearances",
    "totalDuelsWon",
    "totalDuelsWonPercentage",
    "aerialDuelsWon",
    "groundDuelsWon",
    "yellowCards",
    "redCards",
    "fouls",
    "wasFouled",
    "saves",
    "cleanSheet",
    "goalsConceded",
]


def test_season_statistics_have_every_key_of_the_table(ask: Ask, season: Season) -> None:
    keeper = season.match(season.fixtures[0]).sides[0].appearances[0].person
    data = ask(
        "/v1/players/statistics/result",
        player_id=keeper.profiles[0].sofasport_id,
        seasons_id=88214,
        unique_tournament_id=17,
        player_stat_type="overall",
    )["data"]
    assert set(TABLE_KEYS) <= set(data["statistics"])
    assert data["team"]["id"] == season.clubs[keeper.spells[0].club].sofasport_id


def test_heatmaps_hold_whole_percents_and_some_are_late_or_empty(client: TestClient, ask: Ask, season: Season) -> None:
    statuses: Counter[str] = Counter()
    for fixture in season.fixtures[:6]:
        client.post("/__sandbox__/clock", json={"as_of": iso(fixture.kickoff_at + 4 * HOUR)})
        for side in season.match(fixture).sides:
            for entry in side.appearances:
                player_id = entry.person.profile(fixture.kickoff_at).sofasport_id
                query = {"event_id": str(fixture.event_id), "player_id": str(player_id)}
                response = client.get("/v1/events/player-heatmap", params=query)
                if not entry.minutes:
                    assert response.status_code == 404
                    continue
                statuses[str(response.status_code)] += 1
                points = response.json()["data"] if response.status_code == 200 else []
                if points:
                    assert 18 <= len(points) <= 105
                    assert all(
                        type(point[axis]) is int and 0 <= point[axis] <= 100 for point in points for axis in "xy"
                    )
                    assert entry.position != "G" or max(point["x"] for point in points) < 20
                elif response.status_code == 200:
                    statuses["empty"] += 1
    assert statuses["200"] > 20 * statuses["404"] > 0
    assert 0 < statuses["empty"] < 12


def test_attributes_have_a_row_for_each_season_and_goalkeepers_have_their_own_axes(
    client: TestClient, season: Season
) -> None:
    absent = without_this_season = 0
    for person in season.people[:200]:
        if not person.profiles:
            continue
        query = {"player_id": str(person.profiles[0].sofasport_id)}
        response = client.get("/v1/players/attribute-overviews", params=query)
        if response.status_code == 404:
            absent += 1
            continue
        data = response.json()["data"]
        shifts = [row["yearShift"] for row in data["playerAttributeOverviews"]]
        without_this_season += 0 not in shifts
        assert set(shifts) <= {0, 1, 2, 3}
        assert len(shifts) == len(set(shifts))
        axis = "saves" if person.position == "G" else "attacking"
        for row in data["playerAttributeOverviews"] + data["averageAttributeOverviews"]:
            assert 0 <= row[axis] <= 100
            assert row["position"] == person.position
    assert 8 <= absent <= 35
    assert without_this_season > 0
