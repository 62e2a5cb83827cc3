"""The five addresses of the old web app: its fields, without its errors."""

from typing import Any

import pytest

from dev.pipelines import Pipelines
from tests.web.serving import Client

OLD_FIELDS = {
    "radar": {"player_id", "player_name", "full_name", "position", "attributes", "is_average", "year_shift"},
    "season-stats": {
        "player_id", "player_name", "team", "season_id", "category", "rating", "minutes_played", "appearances", "goals",
        "assists", "expected_assists", "shots", "big_chances", "accurate_passes", "total_passes", "pass_percentage",
        "key_passes", "accurate_long_balls", "accurate_long_balls_percentage", "tackles", "interceptions", "clearances",
        "total_duels_won", "total_duels_won_percentage", "aerial_duels_won", "ground_duels_won", "yellow_cards",
        "red_cards", "fouls", "was_fouled", "saves", "saves_percentage", "clean_sheets", "goals_conceded", "all_stats",
    },
    "heatmap/1": {"player_id", "player_name", "gameweek", "coordinates", "point_count"},
    "match-stats/1": {
        "player_id", "player_name", "gameweek", "position", "shirt_number", "substitute", "minutes_played", "team",
        "statistics",
    },
}  # fmt: skip


def one(installation: Pipelines, statement: str, *parameters: object) -> Any:  # noqa: ANN401
    """The first row of a query; with one column its value."""
    row = installation.conn.execute(statement.encode(), parameters).fetchone()
    assert row is not None, "the test needs such a row"
    return row[0] if len(row) == 1 else row


@pytest.fixture
def starter(unchanged: Pipelines) -> int:
    """The element id of an outfield player with a radar, season statistics and a heatmap in gameweek 1."""
    found = one(
        unchanged,
        "select element_id from fpl.heatmaps join fpl.radar using (code) join fpl.season_statistics using (code)"
        " where gameweek = 1 and radar.position <> 'Goalkeeper' and not radar.is_earlier_season"
        " order by heatmaps.points desc, code limit 1".replace("select element_id", "select heatmaps.element_id"),
    )
    return int(found)


@pytest.mark.parametrize("address", OLD_FIELDS)
def test_a_response_has_the_old_fields(api: Client, starter: int, address: str) -> None:
    assert OLD_FIELDS[address] <= api.json(f"/api/sofasport/player/{starter}/{address}/").keys()


def test_a_radar_has_the_players_own_values_and_the_average_beside(
    api: Client, unchanged: Pipelines, starter: int
) -> None:
    radar = api.json(f"/api/sofasport/player/{starter}/radar/")
    stored = one(
        unchanged,
        "select attributes.attacking, attributes.technical, attributes.tactical, attributes.defending,"
        " attributes.creativity from pulse.sofasport_attributes as attributes"
        " join pulse.player_mappings as links on links.sofasport_player_id = attributes.player_id"
        " join pulse.fpl_players as players on players.code = links.fpl_code"
        " where players.element_id = %s order by attributes.season desc limit 1",
        starter,
    )
    axes = ("attacking", "technical", "tactical", "defending", "creativity")
    assert radar["attributes"] == dict(zip(axes, stored, strict=True))
    assert radar["average"].keys() == set(axes)
    assert radar["average"] != radar["attributes"]
    assert radar["is_average"] is False
    assert (radar["season"], radar["year_shift"]) == ("2025-26", 0)


def test_a_goalkeeper_has_the_axes_of_goalkeepers(api: Client, unchanged: Pipelines) -> None:
    code = one(unchanged, "select code from fpl.radar where position = 'Goalkeeper' order by code limit 1")
    radar = api.json(f"/api/sofasport/player/code:{code}/radar/")
    assert radar["position"] == "G"
    assert radar["attributes"].keys() == {"saves", "anticipation", "tactical", "ball_distribution", "aerial"}
    assert None not in radar["attributes"].values()


def test_a_player_without_attributes_has_no_radar(api: Client, unchanged: Pipelines) -> None:
    element = one(
        unchanged,
        "select element_id from fpl.players where code not in (select code from fpl.radar) order by 1 limit 1",
    )
    response = api.get(f"/api/sofasport/player/{element}/radar/")
    assert response.status_code == 404
    assert "no radar attributes" in response.json()["error"]
    compared = api.json(f"/api/sofasport/compare/radar/?player_ids={element}")
    assert compared["players"][0]["attributes"] is None


def test_the_attributes_of_an_earlier_season_say_so(changing: tuple[Pipelines, Client]) -> None:
    installation, api = changing
    code = one(
        installation, "select code from fpl.radar_seasons group by code having count(*) > 1 order by code limit 1"
    )
    installation.conn.execute(
        "delete from pulse.sofasport_attributes where season = '2025-26' and player_id in"
        " (select sofasport_player_id from pulse.player_mappings where fpl_code = %s)",
        [code],
    )
    radar = api.json(f"/api/sofasport/player/code:{code}/radar/")
    assert (radar["season"], radar["year_shift"]) == ("2024-25", 1)


def test_season_statistics_are_sofasports(api: Client, unchanged: Pipelines, starter: int) -> None:
    found = api.json(f"/api/sofasport/player/{starter}/season-stats/")
    stored = found["all_stats"]
    for field, key in {
        "minutes_played": "minutesPlayed", "appearances": "appearances", "shots": "totalShots",
        "total_passes": "totalPasses", "accurate_passes": "accuratePasses", "key_passes": "keyPasses",
        "big_chances": "bigChancesCreated", "total_duels_won": "totalDuelsWon",
    }.items():  # fmt: skip
        assert found[field] == stored.get(key, 0), field
    assert found["pass_percentage"] == pytest.approx(stored["accuratePassesPercentage"], abs=0.01)


def test_a_zero_is_a_zero(api: Client, unchanged: Pipelines) -> None:
    element = one(
        unchanged, "select element_id from fpl.season_statistics where expected_assists = 0 and goals = 0 limit 1"
    )
    found = api.json(f"/api/sofasport/player/{element}/season-stats/")
    assert (found["expected_assists"], found["goals"]) == (0, 0)


def test_a_heatmap_has_the_points_of_the_match(api: Client, unchanged: Pipelines, starter: int) -> None:
    heatmap = api.json(f"/api/sofasport/player/{starter}/heatmap/1/")
    stored = one(
        unchanged,
        "select stored.points from pulse.sofasport_heatmaps as stored"
        " join fpl.heatmaps on heatmaps.event_id = stored.event_id and sofasport_player_id = stored.player_id"
        " where gameweek = 1 and element_id = %s",
        starter,
    )
    points = [{"x": point["x"], "y": point["y"]} for point in stored]
    assert heatmap["coordinates"] == heatmap["matches"][0]["coordinates"] == points
    assert heatmap["point_count"] == len(points) > 10


def test_match_statistics_are_those_of_the_lineup(api: Client, unchanged: Pipelines, starter: int) -> None:
    found = api.json(f"/api/sofasport/player/{starter}/match-stats/1/")
    assert found["minutes_played"] == found["statistics"]["minutesPlayed"] > 0
    assert found["statistics"] == found["matches"][0]["statistics"]
    assert found["substitute"] is False
    assert found["matches"][0]["opponent"] != found["team"]


def test_both_matches_of_a_double_gameweek_are_there(changing: tuple[Pipelines, Client]) -> None:
    installation, api = changing
    element = one(
        installation,
        "select element_id from fpl.heatmaps where gameweek in (1, 2) group by element_id"
        " having count(distinct gameweek) = 2 order by 1 limit 1",
    )
    alone = [api.json(f"/api/sofasport/player/{element}/heatmap/{number}/") for number in (1, 2)]
    installation.conn.execute("update pulse.fpl_fixtures set gameweek = 1 where gameweek = 2")
    heatmap = api.json(f"/api/sofasport/player/{element}/heatmap/1/")
    assert [one["fixture_id"] for one in heatmap["matches"]] == [one["matches"][0]["fixture_id"] for one in alone]
    assert heatmap["coordinates"] == [point for one in alone for point in one["coordinates"]]
    statistics = api.json(f"/api/sofasport/player/{element}/match-stats/1/")
    assert len(statistics["matches"]) == 2
    assert statistics["statistics"] == statistics["matches"][0]["statistics"]
    assert api.get(f"/api/sofasport/player/{element}/heatmap/2/").status_code == 404


def test_players_are_compared_in_the_order_of_the_request(api: Client, unchanged: Pipelines) -> None:
    rows = unchanged.conn.execute(
        "select element_id, players.code from fpl.players join fpl.radar using (code) order by element_id limit 4"
    ).fetchall()
    first, second, third, fourth = rows
    ids = f"{fourth[0]},code:{first[1]},{third[0]},{second[0]}"
    compared = api.json(f"/api/sofasport/compare/radar/?player_ids={ids}")["players"]
    assert [player["player_id"] for player in compared] == [fourth[0], first[0], third[0], second[0]]
    assert compared[0] == api.json(f"/api/sofasport/player/{fourth[0]}/radar/")


def test_a_player_who_is_named_twice_is_compared_once(api: Client, unchanged: Pipelines) -> None:
    element, code = one(unchanged, "select element_id, code from fpl.players order by 1 limit 1")
    compared = api.json(f"/api/sofasport/compare/radar/?player_ids={element},code:{code}")["players"]
    assert len(compared) == 1


@pytest.mark.parametrize("ids", ["", "1,2,3,4,5", "1,,2", "1;2", "a", "1,2,", "1, 2", "\u0661"])
def test_a_wrong_list_of_players_is_refused(api: Client, ids: str) -> None:
    response = api.get("/api/sofasport/compare/radar/", params={"player_ids": ids})
    assert response.status_code == 422
    assert "player_ids" in response.json()["detail"]


def test_an_unknown_player_is_named(api: Client) -> None:
    response = api.get("/api/sofasport/compare/radar/?player_ids=1,999999")
    assert response.status_code == 404
    assert "2025-26 has no player 999999" in response.json()["detail"]
